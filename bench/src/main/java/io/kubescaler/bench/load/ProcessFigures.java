package io.kubescaler.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What Linux says of a process. Immutable and thread-safe.
 *
 * @param rss memory of it that is in RAM, in bytes
 * @param peakRss the most there ever was, in bytes
 * @param cpuSeconds CPU time that it has used
 */
record ProcessFigures(long rss, long peakRss, double cpuSeconds) {
    // USER_HZ, which is 100 wherever Linux runs Java
    private static final double TICKS_PER_SECOND = 100;

    /** Reads them. */
    static ProcessFigures of(long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        try {
            List<String> status = Files.readAllLines(process.resolve("status"));
            String stat = Files.readString(process.resolve("stat"));
            // the name, in brackets, may hold anything
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            double ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
            return new ProcessFigures(bytes(status, "VmRSS"), bytes(status, "VmHWM"), ticks / TICKS_PER_SECOND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long bytes(List<String> status, String name) {
        String line = status.stream()
                .filter(one -> one.startsWith(name + ":"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + name));
        // VmRSS:    123456 kB
        return Long.parseLong(line.split("\\s+", -1)[1]) * 1024;
    }
}
