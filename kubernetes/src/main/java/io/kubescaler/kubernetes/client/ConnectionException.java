package io.kubescaler.kubernetes.client;

/** The cluster cannot be reached with the settings as they are. The message names the setting and the remedy. */
public final class ConnectionException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Makes one; the message names the setting and the remedy. */
    public ConnectionException(String message) {
        super(message);
    }

    ConnectionException(String message, Throwable cause) {
        super(message, cause);
    }
}
