package io.kubescaler.plan;

import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.ServersFound;
import io.kubescaler.model.ServersFound.CarriedLabel;
import java.util.List;
import java.util.stream.Collectors;

/** What is said of a pool of which no server has ever been seen. Thread-safe. */
final class NoServerSeen {
    private NoServerSeen() {}

    /** Returns it as a sentence that names the labels nearest to those that were looked for. */
    static String message(LabelSelector selector, ServersFound found) {
        return "no pod of the cluster matches the server selector %s, and none is known to have: nothing is cordoned or deleted until one does; check server-pod-selector, or server-pod-label-name and server-pod-label-value"
                        .formatted(selector)
                + found.carried().map(NoServerSeen::carried).orElse("");
    }

    private static String carried(List<CarriedLabel> labels) {
        return labels.isEmpty()
                ? "; no pod with labels is on the pool's nodes, DaemonSet and static pods aside"
                : "; the pods on the pool's nodes carry, the nearest first: "
                        + labels.stream().map(CarriedLabel::toString).collect(Collectors.joining(", "));
    }
}
