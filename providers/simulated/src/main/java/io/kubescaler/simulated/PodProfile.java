package io.kubescaler.simulated;

import io.kubescaler.model.Resources;
import java.util.Map;
import java.util.Set;

/** All that the scheduler looks at in a pod: pods of one profile are interchangeable to it. */
record PodProfile(Resources requests, Map<String, String> nodeSelector, Set<String> tolerations) {
    static PodProfile of(PodSpec spec) {
        return new PodProfile(spec.requests(), spec.nodeSelector(), spec.tolerations());
    }
}
