package io.kubescaler.simulated;

import java.time.Duration;
import java.util.SplittableRandom;

/** How long something takes, which may differ from time to time. Immutable and thread-safe. */
public interface DurationDistribution {
    /** Draws one of these times; 0 or more. */
    Duration sample(SplittableRandom random);

    /** Returns the shortest that can be drawn. */
    Duration shortest();
}
