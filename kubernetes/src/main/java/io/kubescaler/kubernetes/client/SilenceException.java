package io.kubescaler.kubernetes.client;

import java.io.IOException;
import java.time.Duration;

/** Nothing came over a connection for longer than is normal: it is taken for dead. */
public final class SilenceException extends IOException {
    private static final long serialVersionUID = 1L;

    public SilenceException(String what, Duration silence) {
        super("no %s for %d ms".formatted(what, silence.toMillis()));
    }
}
