package io.kubescaler.simulated;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Times that were measured: each is drawn as often as it was seen. Immutable and thread-safe.
 *
 * @param measured what was seen, each 0 or more; at least one
 */
public record MeasuredDurations(List<Duration> measured) implements DurationDistribution {
    public MeasuredDurations {
        measured = List.copyOf(measured);
        if (measured.isEmpty() || measured.stream().anyMatch(Duration::isNegative)) {
            throw new IllegalArgumentException("at least one measured time is needed, and none below 0");
        }
    }

    @Override
    public Duration sample(SplittableRandom random) {
        return measured.get(random.nextInt(measured.size()));
    }

    @Override
    public Duration shortest() {
        return Collections.min(measured);
    }
}
