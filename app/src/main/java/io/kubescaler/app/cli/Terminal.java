package io.kubescaler.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Tells whether stderr is a terminal on which a line can be drawn over. */
final class Terminal {
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    private Terminal() {}

    /** Returns whether it is; false where the system does not tell. */
    static boolean isStandardError(Map<String, String> environment) {
        return !environment.getOrDefault("TERM", "dumb").equals("dumb") && isTerminal(STANDARD_ERROR);
    }

    // Java tells only whether stdin and stdout are one
    static boolean isTerminal(Path descriptor) {
        try {
            String file = Files.readSymbolicLink(descriptor).toString();
            return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty") || file.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
