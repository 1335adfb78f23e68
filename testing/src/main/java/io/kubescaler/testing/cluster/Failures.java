package io.kubescaler.testing.cluster;

import java.util.Collection;

/** What went wrong in a stand-in's own threads, where no test would notice. */
final class Failures {
    private Failures() {}

    /** Throws one error that carries all of them, if there are any. */
    static void throwAny(String who, Collection<? extends Throwable> failures) {
        if (failures.isEmpty()) {
            return;
        }
        AssertionError error = new AssertionError("%d failures in %s".formatted(failures.size(), who));
        failures.forEach(error::addSuppressed);
        throw error;
    }
}
