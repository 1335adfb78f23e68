package io.kubescaler.app;

import io.kubescaler.app.cli.Program;
import io.kubescaler.app.cli.Surroundings;

/** The program's entry point. */
public final class Main {
    private Main() {}

    /** Runs the command that the arguments name and ends the process with its exit status. */
    public static void main(String[] arguments) {
        System.exit(Program.run(Surroundings.ofProcess(), arguments));
    }
}
