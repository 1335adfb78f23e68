package io.kubescaler.app.journal;

import io.kubescaler.control.ClusterException;
import io.kubescaler.control.PoolJournal;
import io.kubescaler.kubernetes.lease.NotesJson;
import io.kubescaler.model.PoolNotes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The notes of one pool in a file of its own, for a scaler without a lease: the next process on this machine reads what
 * this one left. A file is replaced as a whole, so that a process which is killed leaves the old one or the new one.
 * Where no file can be written the notes are kept in memory, and the next start knows that nothing tells of this one.
 * Thread-safe.
 */
public final class FileJournal implements PoolJournal {
    private static final Logger LOG = LoggerFactory.getLogger(FileJournal.class);

    private final Path file;
    private final String pool;
    private final boolean lasting;
    private PoolNotes notes;

    private FileJournal(Path file, String pool, boolean lasting, PoolNotes notes) {
        this.file = file;
        this.pool = pool;
        this.lasting = lasting;
        this.notes = notes;
    }

    /**
     * Opens the journal of a pool.
     *
     * @param folder where the files are; made when it is not there
     * @param name what tells this pool from those of other clusters and clouds
     * @param pool the pool's name
     */
    public static FileJournal open(Path folder, String name, String pool) {
        Path file = folder.resolve(fileName(name));
        try {
            Files.createDirectories(folder);
            PoolNotes notes = read(file, pool);
            // that it can be written is found out now and not at the first order
            write(file, pool, notes);
            return new FileJournal(file, pool, true, notes);
        } catch (IOException failure) {
            LOG.warn(
                    "pool {}: {} cannot be read and written ({}), so nothing tells which orders an earlier process sent:"
                            + " this start and each later one waits until none can be carried out any more before it"
                            + " grows the pool; set state-folder to a folder that can be written",
                    pool,
                    file,
                    failure.toString());
            return new FileJournal(file, pool, false, PoolNotes.UNKNOWN);
        }
    }

    // readable, and never two pools in one file
    private static String fileName(String name) {
        String readable = name.replaceAll("[^A-Za-z0-9.-]+", "_");
        return readable.substring(0, Math.min(readable.length(), 100)) + "-" + Integer.toHexString(name.hashCode())
                + ".json";
    }

    private static PoolNotes read(Path file, String pool) throws IOException {
        try {
            return NotesJson.read(Files.readString(file)).getOrDefault(pool, PoolNotes.UNKNOWN);
        } catch (NoSuchFileException none) {
            return PoolNotes.UNKNOWN;
        } catch (IllegalArgumentException malformed) {
            LOG.warn("pool {}: {} is not understood and begun anew: {}", pool, file, malformed.getMessage());
            return PoolNotes.UNKNOWN;
        }
    }

    private static void write(Path file, String pool, PoolNotes notes) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(NotesJson.write(Map.of(pool, notes)));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public synchronized PoolNotes read() {
        return notes;
    }

    @Override
    public synchronized void write(UnaryOperator<PoolNotes> change) throws ClusterException {
        PoolNotes now = change.apply(notes);
        if (lasting) {
            try {
                write(file, pool, now);
            } catch (IOException failure) {
                throw new ClusterException(
                        ClusterException.Kind.UNAVAILABLE,
                        "%s cannot be written: %s; free space or set state-folder to another folder"
                                .formatted(file, failure),
                        failure);
            }
        }
        notes = now;
    }
}
