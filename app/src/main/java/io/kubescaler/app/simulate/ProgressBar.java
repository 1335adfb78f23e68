package io.kubescaler.app.simulate;

import java.io.PrintWriter;
import java.util.function.DoubleConsumer;

/** Draws on a terminal how far long work has come, and takes it away at its end. For one thread at a time. */
public final class ProgressBar implements DoubleConsumer {
    private static final int WIDTH = 40;

    private final PrintWriter terminal;
    private int drawn = -1;

    public ProgressBar(PrintWriter terminal) {
        this.terminal = terminal;
    }

    @Override
    public void accept(double share) {
        // the shares of many add up to a little less than 1
        int percent = (int) (share * 100 + 0.001);
        if (percent == drawn) {
            return;
        }
        drawn = percent;
        if (percent >= 100) {
            terminal.print("\r" + " ".repeat(WIDTH + 8) + "\r");
        } else {
            int full = percent * WIDTH / 100;
            terminal.printf("\r[%s%s] %3d %%", "#".repeat(full), " ".repeat(WIDTH - full), percent);
        }
        terminal.flush();
    }
}
