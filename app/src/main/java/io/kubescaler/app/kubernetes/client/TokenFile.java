package io.kubescaler.app.kubernetes.client;

import io.fabric8.kubernetes.client.OAuthTokenProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token of a pod's service account, read anew every minute: the kubelet replaces the file well before the token in
 * it expires. Thread-safe.
 */
final class TokenFile implements OAuthTokenProvider {
    private static final Logger log = LoggerFactory.getLogger(TokenFile.class);
    private static final long RELOAD_NANOS = Duration.ofMinutes(1).toNanos();

    private final Path file;
    private final LongSupplier nanoTime;
    private String token;
    private long readAt;

    /**
     * Reads the file.
     *
     * @throws UncheckedIOException when it cannot be read
     */
    TokenFile(Path file, LongSupplier nanoTime) {
        this.file = file;
        this.nanoTime = nanoTime;
        this.readAt = nanoTime.getAsLong();
        try {
            this.token = Files.readString(file).strip();
        } catch (IOException failure) {
            throw new UncheckedIOException("the service account's token cannot be read from " + file, failure);
        }
    }

    /** Returns the token; the last one known while the file cannot be read. */
    @Override
    public synchronized String getToken() {
        long now = nanoTime.getAsLong();
        if (now - readAt >= RELOAD_NANOS) {
            readAt = now;
            try {
                token = Files.readString(file).strip();
            } catch (IOException failure) {
                log.warn(
                        "the service account's token cannot be read from {}; the last one stays in use", file, failure);
            }
        }
        return token;
    }
}
