package io.kubescaler.simulated;

import io.kubescaler.model.Node;
import io.kubescaler.model.Pod;
import java.time.Duration;

/** Is told of what happens in a simulated cluster. Called while the simulation stands still; must not move the time. */
public interface ClusterListener {
    /** A node or a pod was added, changed or removed: what a watch would tell, after all that is told below. */
    default void changed() {}

    /** A Node object is there as it is now; first of all those that are there already. */
    default void nodeWritten(Node node) {}

    /** A Node object is gone. */
    default void nodeRemoved(Node node) {}

    /** A pod is there as it is now; first of all those that are there already. */
    default void podWritten(Pod pod) {}

    /** A pod is gone. */
    default void podRemoved(Pod pod) {}

    /**
     * A pod was bound to a node.
     *
     * @param waited how long after it was created; zero when there was room at once
     */
    default void placed(Pod pod, Duration waited) {}

    /** A live pod died because its node went. */
    default void died(PodDeath death) {}
}
