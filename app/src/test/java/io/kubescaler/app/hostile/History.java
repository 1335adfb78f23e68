package io.kubescaler.app.hostile;

import io.kubescaler.simulated.SimulationClock;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** What happened, line by line, and what of it must never happen. For one simulation. */
final class History {
    private final SimulationClock clock;
    private final List<String> lines = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();

    History(SimulationClock clock) {
        this.clock = clock;
    }

    /** Notes something that happened now. */
    void note(String what) {
        long millis = Duration.ofNanos(clock.nanos()).toMillis();
        lines.add("%6d.%03d %s".formatted(millis / 1000, millis % 1000, what));
    }

    /** Notes something that happened now and must never happen. */
    void violation(String invariant, String what) {
        note("VIOLATION of " + invariant + ": " + what);
        violations.add(invariant + ": " + what);
    }

    List<String> violations() {
        return violations;
    }

    List<String> lines() {
        return lines;
    }

    /** Returns a digest of every line. */
    String digest() {
        return digest(lines);
    }

    /** Returns a digest of these lines. */
    static String digest(List<String> lines) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            lines.forEach(line -> digest.update((line + "\n").getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
