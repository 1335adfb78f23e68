package io.kubescaler.secrets;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was loaded from files, and is loaded again when one of them has changed: a Secret that is mounted, a kubeconfig, a
 * certificate. Looks when it is asked, at most once a minute, and goes by what the files hold, not by their times, since a
 * mounted Secret changes by a link. What cannot be read or makes no sense leaves the last good one in use, and is logged
 * once. What the files hold never reaches a log. Thread-safe.
 */
public final class Reloaded<T> implements Supplier<T> {
    private static final Logger log = LoggerFactory.getLogger(Reloaded.class);

    /** How often it looks at most. */
    public static final Duration INTERVAL = Duration.ofMinutes(1);

    private final String what;
    private final Function<T, List<Path>> files;
    private final Loader<T> loader;
    private final LongSupplier nanoTime;
    private T loaded;
    private String digest;
    private long lookedAt;
    private boolean troubled;

    /** Loads from the files. */
    @FunctionalInterface
    public interface Loader<T> {
        /**
         * Loads.
         *
         * @throws IOException when the files cannot be read or make no sense; the message is logged, and holds no secret
         */
        T load() throws IOException;
    }

    /**
     * Loads for the first time.
     *
     * @param what what a log calls it
     * @param files the files that what was loaded came from
     * @param nanoTime a clock like {@link System#nanoTime}
     * @throws IOException when it cannot be loaded
     */
    public Reloaded(String what, Function<T, List<Path>> files, Loader<T> loader, LongSupplier nanoTime)
            throws IOException {
        this.what = what;
        this.files = files;
        this.loader = loader;
        this.nanoTime = nanoTime;
        // which files there are is known once they were loaded
        Read<T> read = read(files.apply(loader.load()));
        this.loaded = read.loaded;
        this.digest = read.digest;
        this.lookedAt = nanoTime.getAsLong();
    }

    /** Returns what the files hold, as of the last minute; the last good one while they hold nothing good. */
    @Override
    public synchronized T get() {
        long now = nanoTime.getAsLong();
        if (now - lookedAt >= INTERVAL.toNanos()) {
            lookedAt = now;
            look();
        }
        return loaded;
    }

    private void look() {
        try {
            requireContent(files.apply(loaded));
            String present = digest(files.apply(loaded));
            if (present.equals(digest)) {
                recovered();
                return;
            }
            Read<T> read = read(files.apply(loaded));
            loaded = read.loaded;
            digest = read.digest;
            troubled = false;
            log.info("{} has changed and was read anew", what);
        } catch (IOException trouble) {
            keepLastGood(String.valueOf(trouble.getMessage()));
        } catch (RuntimeException defect) {
            // without its words, which may quote the file
            keepLastGood(defect.getClass().getSimpleName());
        }
    }

    /** What was loaded, and the digest of its files from right before: what is written meanwhile shows at the next look. */
    private record Read<T>(T loaded, String digest) {}

    private Read<T> read(List<Path> known) throws IOException {
        String before = digest(known);
        T next = loader.load();
        List<Path> named = files.apply(next);
        if (named.equals(known)) {
            return new Read<>(next, before);
        }
        // the new names a file that was not looked at before
        before = digest(named);
        return new Read<>(loader.load(), before);
    }

    private void recovered() {
        if (troubled) {
            troubled = false;
            log.info("{} is again as it was", what);
        }
    }

    private void keepLastGood(String why) {
        if (!troubled) {
            troubled = true;
            log.warn("{} cannot be read anew ({}); the last good one stays in use", what, why);
        }
    }

    // a file that is being replaced may be empty for a moment, and mean something else then
    private static void requireContent(List<Path> files) throws IOException {
        for (Path file : files) {
            if (Files.size(file) == 0) {
                throw new IOException("%s is empty".formatted(file));
            }
        }
    }

    private static String digest(List<Path> files) throws IOException {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (Path file : files) {
                sha256.update(file.toString().getBytes(StandardCharsets.UTF_8));
                // each by itself, so that nothing moves from one to the next unseen
                sha256.update(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
