package io.kubescaler.testing;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Waits for a condition for as long as {@link Patience} has it. Needs Awaitility on the class path. */
public final class Waiting {
    private Waiting() {}

    /** Begins to wait; the condition that follows must come to hold at some time, however late. */
    public static ConditionFactory await() {
        return Awaitility.await().atMost(Patience.LIMIT);
    }
}
