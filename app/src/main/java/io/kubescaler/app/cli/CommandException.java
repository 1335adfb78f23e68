package io.kubescaler.app.cli;

import org.jspecify.annotations.Nullable;

/** A command ends here, with a message for its user that names the thing and the remedy. Holds no secrets. */
final class CommandException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int exitStatus;

    private CommandException(int exitStatus, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitStatus = exitStatus;
    }

    /** It failed while running. */
    static CommandException failed(String message, @Nullable Throwable cause) {
        return new CommandException(ExitStatus.FAILED, message, cause);
    }

    /** What the user gave cannot be used. */
    static CommandException refused(String message, @Nullable Throwable cause) {
        return new CommandException(ExitStatus.REFUSED, message, cause);
    }

    /** Returns the exit status of the program. */
    int exitStatus() {
        return exitStatus;
    }
}
