package io.kubescaler.simulated;

import io.kubescaler.model.NodeConstraints;
import io.kubescaler.model.Resources;

/** All that the scheduler looks at in a pod: pods of one profile are interchangeable to it. */
record PodProfile(Resources requests, NodeConstraints constraints) {
    static PodProfile of(PodSpec spec) {
        return new PodProfile(spec.requests(), spec.constraints());
    }
}
