package io.kubescaler.testing.process;

import io.kubescaler.testing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Ends child processes when this JVM ends, in whatever way: a shell waits for its standard input, which only this JVM
 * holds open, and then kills them by pid. A shutdown hook would not run after a SIGKILL. Thread-safe.
 */
public final class Leash implements AutoCloseable {
    private static final String WAIT_AND_KILL = "trap '' INT TERM HUP; read -r nothing; kill -9 \"$@\" 2>/dev/null";
    private final Process watcher;

    private Leash(Process watcher) {
        this.watcher = watcher;
    }

    /** Puts processes on a leash. */
    public static Leash on(long... pids) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", WAIT_AND_KILL, "leash"));
        Arrays.stream(pids).mapToObj(Long::toString).forEach(command::add);
        try {
            return new Leash(new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the pid of the process that watches. */
    long pid() {
        return watcher.pid();
    }

    /** Kills the processes now. Only for processes that have not been waited for: a pid may be given anew. */
    public void kill() {
        closeInput();
        try {
            if (!watcher.waitFor(Patience.SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the watcher %d did not end".formatted(watcher.pid()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            watcher.destroyForcibly();
        }
    }

    /** Lets go of the processes, which have ended. */
    @Override
    public void close() {
        watcher.destroyForcibly();
        watcher.onExit().join();
        closeInput();
    }

    private void closeInput() {
        try {
            watcher.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
