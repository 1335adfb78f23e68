package io.kubescaler.control;

import io.kubescaler.model.Count;
import io.kubescaler.model.Instance;
import io.kubescaler.model.Node;
import io.kubescaler.model.NodeLoad;
import io.kubescaler.model.PoolIdentities;
import io.kubescaler.model.PoolPolicy;
import java.util.Optional;

/** What speaks against a deletion at the last moment: each check looks at what was just read, never at a cache. */
final class LiveChecks {
    private LiveChecks() {}

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
        if (live.unreadable().isPresent()) {
            return live.unreadable().map(what -> "it cannot be read: " + what);
        }
        if (live.isCordonedByOther()) {
            return live.cordonedBy().map(who -> "%s has set it unschedulable since we did".formatted(who));
        }
        if (!live.cordonedByUs()) {
            return Optional.of("somebody made it schedulable, or took our mark from it");
        }
        // what is not Ready does not tell whether its servers have ended
        if (observed.readiness().ready() && !live.readiness().ready()) {
            return Optional.of("it has just become not Ready");
        }
        if (live.marks().keep()) {
            return Optional.of("somebody annotated it to be kept");
        }
        return againstLoad(live.load());
    }

    /**
     * Returns why the machine that is to be deleted may be another one than this node; empty when all that both tell of
     * themselves agrees. Whoever can label a node could otherwise have another machine deleted in its place.
     *
     * @param instanceIdLabel the node label whose value is an instance's id; empty when the cloud sets none
     */
    static Optional<String> againstMachine(Instance instance, Node node, Optional<String> instanceIdLabel) {
        Optional<String> label = PoolIdentities.idOn(node, instanceIdLabel);
        if (differ(label, Optional.of(instance.id()))) {
            return Optional.of("its label says that it is machine " + label.orElseThrow());
        }
        if (differ(node.providerId(), instance.providerId())) {
            return Optional.of("it has provider ID %s and the cloud says %s"
                    .formatted(
                            node.providerId().orElseThrow(),
                            instance.providerId().orElseThrow()));
        }
        if (differ(Optional.of(node.name()), instance.nodeName())) {
            return Optional.of("the cloud says that this machine is node "
                    + instance.nodeName().orElseThrow());
        }
        return Optional.empty();
    }

    private static boolean differ(Optional<String> one, Optional<String> other) {
        return one.isPresent() && other.isPresent() && !one.equals(other);
    }

    /** Returns why what runs there must not be disturbed; empty when nothing that matters does. */
    static Optional<String> againstLoad(NodeLoad load) {
        if (load.unreadable().isPresent()) {
            return load.unreadable().map(pod -> "pod %s cannot be read, and may be a server".formatted(pod));
        }
        if (load.servers() > 0) {
            return Optional.of(Count.are(load.servers(), "live server") + " on it");
        }
        return load.protector().map(pod -> "it is protected by pod " + pod);
    }
}
