package io.kubescaler.plan;

import io.kubescaler.model.Node;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.Taint;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;

/** Says whether a node is fit for servers, or ever was. A pure function of the node. Thread-safe. */
public final class Fitness {
    /**
     * A node whose Ready condition last changed within this time of its creation has never been Ready: the change is its
     * own registration. The cluster autoscaler's {@code MaxStatusSettingDelayAfterCreation}.
     */
    private static final Duration REGISTRATION = Duration.ofMinutes(2);

    /** For how long a node may be called Ready whose kubelet is gone; the cluster's own limit is 40 to 50 s. */
    public static final Duration READY_LAGS = Duration.ofMinutes(2);

    private static final Duration SETTLES_WITHIN = Duration.ofMinutes(2);

    private Fitness() {}

    /** Returns whether servers could run on that node now, were it schedulable, as far as all of it can be read. */
    public static boolean isReady(Node node, PoolPolicy policy) {
        return node.unreadable().isEmpty()
                && node.readiness().ready()
                && node.pressures().isEmpty()
                && (node.taints().isEmpty() || !keepsServersOff(node, policy));
    }

    private static boolean keepsServersOff(Node node, PoolPolicy policy) {
        return node.taints().stream().anyMatch(taint -> isPassing(taint, policy));
    }

    // a node without it is fit; whoever put it there takes it away again
    private static boolean isPassing(Taint taint, PoolPolicy policy) {
        return NotReadyTaints.contains(taint.key()) || policy.startupTaints().contains(taint.key());
    }

    /** Returns those of a node's taints that keep pods out for good: not for not being Ready, starting or cordoned. */
    static Set<Taint> lastingTaints(Set<Taint> taints, PoolPolicy policy) {
        if (taints.isEmpty()) {
            return taints;
        }
        return taints.stream()
                .filter(taint -> taint.keepsPodsOut()
                        && !isPassing(taint, policy)
                        && !taint.key().equals(NotReadyTaints.UNSCHEDULABLE))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Returns whether servers may be on a node now, as far as it tells itself, or could come. The cloud's controller has not
     * set up a node that carries its taint, nor told it which machine it is.
     */
    public static boolean mayHostServers(Node node) {
        return node.unreadable().isPresent()
                || node.load().keepsNode()
                || (node.readiness().ready() && !isUninitialized(node));
    }

    /** Returns whether the cloud's controller has yet to set that node up, and to tell it which machine it is. */
    public static boolean isUninitialized(Node node) {
        return node.taints().stream().anyMatch(taint -> taint.key().equals(NotReadyTaints.UNINITIALIZED));
    }

    /**
     * Returns whether a node is Ready and has been for 2 minutes: so long may it take until agents have taken their taints
     * away, and until labels and devices have come.
     */
    static boolean hasSettled(Node node, Instant now) {
        return node.unreadable().isEmpty()
                && node.readiness().ready()
                && node.readiness()
                        .changedAt()
                        .filter(at -> Duration.between(at, now).compareTo(SETTLES_WITHIN) < 0)
                        .isEmpty();
    }

    /**
     * Returns whether a node, as far as it tells itself, was never Ready. A startup taint does not tell: agents put
     * theirs back whenever they restart. That the cloud has not set the node up does. A node that cannot be read in part
     * may have been.
     */
    public static boolean neverReady(Node node) {
        if (node.unreadable().isPresent()) {
            return false;
        }
        if (isUninitialized(node)) {
            return true;
        }
        return !node.readiness().ready()
                && node.readiness()
                        .changedAt()
                        .map(at -> !at.isAfter(node.createdAt().plus(REGISTRATION)))
                        .orElse(true);
    }
}
