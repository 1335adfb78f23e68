package io.kubescaler.control;

import io.kubescaler.model.Node;
import io.kubescaler.model.NodeLoad;
import io.kubescaler.model.PoolPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What speaks against a deletion at the last moment: each check looks at what was just read, never at a cache. */
final class LiveChecks {
    /**
     * How long a node must have been cordoned before it is deleted. The scheduler binds a pod a moment after it chose
     * the node, so a server can still arrive that was underway when the node was cordoned.
     */
    static final Duration BINDING_SETTLES = Duration.ofSeconds(5);

    private LiveChecks() {}

    /** Returns why a node that was set aside must not be deleted yet; empty when its cordon has settled. */
    static Optional<String> againstHaste(Node observed, Instant now) {
        return observed.marks()
                .cordonedAt()
                .filter(at -> Duration.between(at, now).abs().compareTo(BINDING_SETTLES) < 0)
                .map(at -> "it was cordoned at %s; a server may still be on its way for %d s"
                        .formatted(at, BINDING_SETTLES.toSeconds()));
    }

    /**
     * Returns why the node must not be deleted; empty when nothing speaks against it.
     *
     * @param observed the node that the deletion was decided for
     * @param live the node as it was just read
     */
    static Optional<String> againstDeleting(Node observed, Node live, PoolPolicy policy) {
        if (!live.uid().equals(observed.uid())) {
            return Optional.of("the node of that name is another one now");
        }
        if (!policy.selector().matches(live.labels())) {
            return Optional.of("it no longer matches the pool's selector " + policy.selector());
        }
        if (!live.unschedulable() || live.marks().cordonedAt().isEmpty()) {
            return Optional.of("somebody made it schedulable, or took our mark from it");
        }
        if (live.marks().keep()) {
            return Optional.of("somebody annotated it to be kept");
        }
        return againstLoad(live.load());
    }

    /** Returns why what runs there must not be disturbed; empty when nothing that matters does. */
    static Optional<String> againstLoad(NodeLoad load) {
        if (load.servers() > 0) {
            return Optional.of("%d live servers are on it".formatted(load.servers()));
        }
        return load.doNotDisrupt().map(pod -> "it is protected by pod " + pod);
    }
}
