package io.kubescaler.simulated;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.zip.CRC32;

/**
 * Where everything random of a simulation comes from: one seed, and a stream of its own for each concern, so that one more
 * draw for one concern changes nothing for the others. Immutable and thread-safe.
 *
 * @param seed the seed
 */
public record Randomness(long seed) {
    /** Returns a new stream for that concern: always the same one for the same seed and name. */
    public SplittableRandom stream(String concern) {
        CRC32 hash = new CRC32();
        hash.update(concern.getBytes(StandardCharsets.UTF_8));
        // the first draw mixes the bits, so that neighbouring seeds have nothing in common
        return new SplittableRandom(new SplittableRandom(seed).nextLong() ^ (hash.getValue() << 32 | hash.getValue()));
    }
}
