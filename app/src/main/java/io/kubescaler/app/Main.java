package io.kubescaler.app;

import java.io.PrintStream;

/** The program's entry point. */
public final class Main {
    private Main() {}

    /** Prints the usage; the commands follow. */
    public static void main(String[] arguments) {
        usage(System.out);
    }

    private static void usage(PrintStream out) {
        out.println("usage: kubescaler [run | demo | check | plan | simulate | providers | version]");
    }
}
