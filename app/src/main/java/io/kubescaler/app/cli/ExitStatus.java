package io.kubescaler.app.cli;

/** The exit statuses, which scripts depend on. */
final class ExitStatus {
    /** Done. */
    static final int DONE = 0;

    /** It failed while running. */
    static final int FAILED = 1;

    /** Bad usage or bad configuration: nothing was begun. */
    static final int REFUSED = 2;

    private ExitStatus() {}
}
