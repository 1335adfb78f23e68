package io.kubescaler.app.simulate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A trace of any bytes is read or refused with the name of its file. */
public final class TraceFuzz {
    private TraceFuzz() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Path file = Files.createTempFile("trace", ".csv");
        try {
            Files.write(file, input);
            refusedOrRead(file, () -> TraceReader.read(file));
            refusedOrRead(file, () -> TraceReader.readTimes(file));
        } finally {
            Files.delete(file);
        }
    }

    @FunctionalInterface
    private interface Reading {
        void read() throws IOException;
    }

    private static void refusedOrRead(Path file, Reading reading) {
        try {
            reading.read();
        } catch (IOException refused) {
            if (refused.getMessage() == null || !refused.getMessage().contains(file.toString())) {
                throw new AssertionError("refused without the name of the file", refused);
            }
        }
    }
}
