package io.kubescaler.kubernetes.client;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** The API server refused a request. The message is what it said. */
public final class ApiException extends IOException {
    private static final long serialVersionUID = 1L;
    private final int code;

    @SuppressWarnings("serial") // never serialized
    private final Optional<Duration> retryAfter;

    ApiException(int code, String message, Optional<Duration> retryAfter) {
        super("%d: %s".formatted(code, message));
        this.code = code;
        this.retryAfter = retryAfter;
    }

    /** Returns the HTTP status, or the code of a {@code Status} object. */
    public int code() {
        return code;
    }

    /** Returns how long to wait before the next request, when the server says so. */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }

    /** Returns whether the version or the page asked for is no longer kept, so that all must be listed anew. */
    public boolean expired() {
        return code == 410;
    }
}
