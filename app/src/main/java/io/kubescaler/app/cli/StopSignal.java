package io.kubescaler.app.cli;

/** Tells a command that runs without end when it is asked to stop. */
public interface StopSignal {
    /** Waits until it is asked to stop, however long that takes. */
    void await() throws InterruptedException;

    /** Tells that everything has stopped; the process may end now, with that status. */
    void stopped(int exitStatus);
}
