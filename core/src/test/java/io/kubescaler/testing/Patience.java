package io.kubescaler.testing;

import java.time.Duration;

/**
 * How long a test waits for what is sure to come: a guard against hanging for ever, never a verdict on speed. What takes
 * half a minute on a slow machine may take 20 times that. A test fails by it only when something does not come at all.
 */
public final class Patience {
    /** The one guard, in seconds, as annotations want it. */
    public static final int SECONDS = 600;

    /** The same in milliseconds, as {@link Thread#join(long)} wants it. */
    public static final int MILLIS = SECONDS * 1000;

    /** The same. */
    public static final Duration LIMIT = Duration.ofSeconds(SECONDS);

    private Patience() {}
}
