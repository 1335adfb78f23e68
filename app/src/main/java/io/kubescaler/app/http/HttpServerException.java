package io.kubescaler.app.http;

/** The HTTP server could not start. The message says why, and what to do about it. */
public final class HttpServerException extends Exception {
    private static final long serialVersionUID = 1L;

    HttpServerException(String message, Throwable cause) {
        super(message, cause);
    }
}
