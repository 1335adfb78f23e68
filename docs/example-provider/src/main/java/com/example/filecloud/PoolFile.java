package com.example.filecloud;

import io.kubescaler.provider.ProviderException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The cloud: a properties file with the pool's {@code size}, {@code machine.ID} = the time it was ordered,
 * {@code failed.ID} = why the machine could not start, {@code refused.ID} = why it cannot be deleted, {@code limit} = the
 * most machines that there may be, and {@code removed} = why the pool is no more.
 */
final class PoolFile {
    private static final String MACHINE = "machine.";

    private final Path path;

    PoolFile(Path path) {
        this.path = path;
    }

    /** What the file says. */
    record Content(int size, TreeMap<String, Instant> machines, Properties properties) {
        /** Returns what is said of a machine, such as why it failed; empty when nothing. */
        String about(String key, String machine) {
            return properties.getProperty(key + "." + machine, "");
        }

        /** Returns the most machines that there may be. */
        int limit() {
            return Integer.parseInt(properties.getProperty("limit", String.valueOf(Integer.MAX_VALUE)));
        }

        Properties toProperties() {
            Properties all = new Properties();
            properties.forEach((key, value) -> {
                if (!key.toString().startsWith(MACHINE)) {
                    all.put(key, value);
                }
            });
            all.setProperty("size", String.valueOf(size));
            machines.forEach((id, ordered) -> all.setProperty(MACHINE + id, ordered.toString()));
            return all;
        }
    }

    /** A change to the file, made while nobody else writes it. */
    @FunctionalInterface
    interface Change {
        Content apply(Content content) throws ProviderException;
    }

    Content read() throws ProviderException {
        Properties properties = new Properties();
        try (InputStream input = Files.newInputStream(path)) {
            properties.load(input);
        } catch (NoSuchFileException gone) {
            throw new ProviderException.NotFound("there is no pool in " + path);
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new ProviderException.Transient("%s cannot be read: %s".formatted(path, unreadable), unreadable);
        }
        String removed = properties.getProperty("removed");
        if (removed != null) {
            throw new ProviderException.NotFound(removed);
        }
        return parse(properties);
    }

    /** Reads, changes and writes in one go: the size that a growth is held against is the one it replaces. */
    void change(Change change) throws ProviderException {
        if (!Files.exists(path)) {
            throw new ProviderException.NotFound("there is no pool in " + path);
        }
        Path lockFile = path.resolveSibling(path.getFileName() + ".lock");
        try (FileChannel channel =
                        FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                throw new ProviderException.Transient("somebody else is writing " + path);
            }
            Content before = read();
            Content after = change.apply(before);
            if (!after.equals(before)) {
                write(after);
            }
        } catch (IOException | OverlappingFileLockException failed) {
            throw new ProviderException.Transient("%s cannot be written: %s".formatted(path, failed), failed);
        }
    }

    private void write(Content content) throws IOException {
        // a reader sees the old file or the new one, never half of it
        Path next = path.resolveSibling(path.getFileName() + ".next");
        try (Writer writer = Files.newBufferedWriter(next)) {
            content.toProperties().store(writer, null);
        }
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Content parse(Properties properties) throws ProviderException {
        try {
            TreeMap<String, Instant> machines = new TreeMap<>();
            for (String key : properties.stringPropertyNames()) {
                if (key.startsWith(MACHINE)) {
                    machines.put(key.substring(MACHINE.length()), Instant.parse(properties.getProperty(key)));
                }
            }
            Integer.parseInt(properties.getProperty("limit", "0"));
            return new Content(Integer.parseInt(properties.getProperty("size")), machines, properties);
        } catch (NumberFormatException | DateTimeException malformed) {
            throw new ProviderException.Transient("%s is damaged: %s".formatted(path, malformed), malformed);
        }
    }
}
