package io.kubescaler.app.cli;

import picocli.CommandLine.Option;

/** The options of {@code run}. */
final class RunOptions {
    @Option(names = "--dry-run", description = "decides and reports, and touches nothing")
    private boolean dryRun;

    /** Returns whether nothing is to be touched, whatever the configuration says. */
    boolean dryRun() {
        return dryRun;
    }
}
