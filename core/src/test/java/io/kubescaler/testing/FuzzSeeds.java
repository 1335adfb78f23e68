package io.kubescaler.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Feeds the seeds of a fuzz target to it, and what chance makes of them: what a fuzzer does at length, for a moment and
 * always the same. For one thread.
 */
public final class FuzzSeeds {
    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "\n",
            "\0",
            "null",
            "-1",
            "1e400",
            "9223372036854775808",
            "${",
            "\u00e9",
            "2026-01-01T00:00:00Z",
            "-1000000000-01-01T00:00:00Z",
            "+1000000000-12-31T23:59:59.999999999Z",
            "500m",
            "Ki");

    private final Random random;

    /** @param seed of all chance */
    public FuzzSeeds(long seed) {
        random = new Random(seed);
    }

    /** Takes an input; throws for what must not be. */
    @FunctionalInterface
    public interface Target {
        /** Takes an input of any bytes. */
        void take(byte[] input) throws Exception;
    }

    /**
     * Feeds all files of a folder and so many mutations of each.
     *
     * @throws AssertionError when the target throws, or takes 10 minutes for one input; with the input
     */
    public void feed(Path folder, int mutations, Target target) throws IOException {
        List<byte[]> seeds = seeds(folder);
        for (byte[] seed : seeds) {
            feed(seed, target);
            for (int i = 0; i < mutations; i++) {
                feed(mutated(seed, seeds.get(random.nextInt(seeds.size()))), target);
            }
        }
    }

    private static void feed(byte[] input, Target target) {
        long begun = System.nanoTime();
        try {
            target.take(input);
        } catch (Exception | LinkageError | StackOverflowError | AssertionError failure) {
            throw new AssertionError("failed on " + shown(input), failure);
        }
        long took = System.nanoTime() - begun;
        if (took > Patience.LIMIT.toNanos()) {
            throw new AssertionError("took %d ms for %s".formatted(took / 1_000_000, shown(input)));
        }
    }

    private static String shown(byte[] input) {
        return new String(input, StandardCharsets.ISO_8859_1);
    }

    private static List<byte[]> seeds(Path folder) throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                seeds.add(Files.readAllBytes(file));
            }
        }
        if (seeds.isEmpty()) {
            throw new AssertionError("no seeds in " + folder.toAbsolutePath());
        }
        return seeds;
    }

    private byte[] mutated(byte[] seed, byte[] other) throws IOException {
        byte[] mutated = seed;
        for (int i = random.nextInt(4); i >= 0; i--) {
            int from = random.nextInt(mutated.length + 1);
            int to = Math.min(mutated.length, from + random.nextInt(8));
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write(mutated, 0, from);
            bytes.write(inserted(other));
            bytes.write(mutated, to, mutated.length - to);
            mutated = bytes.toByteArray();
        }
        return mutated;
    }

    private byte[] inserted(byte[] other) {
        return switch (random.nextInt(4)) {
            case 0 -> new byte[0];
            case 1 -> new byte[] {(byte) random.nextInt(256)};
            case 2 -> PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8);
            default -> slice(other);
        };
    }

    private byte[] slice(byte[] other) {
        int from = random.nextInt(other.length + 1);
        return Arrays.copyOfRange(other, from, from + Math.min(other.length - from, random.nextInt(40)));
    }
}
