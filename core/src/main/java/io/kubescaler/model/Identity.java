package io.kubescaler.model;

import java.util.Optional;

/** What tells whether a node and an instance are one machine. Stateless and thread-safe. */
public final class Identity {
    private Identity() {}

    /**
     * Returns whether an identity that both have says that they are two machines: provider ID, name, or the label with the
     * instance's id. Where none does, and none says that they are one, nobody can tell.
     *
     * @param idLabel the node label whose value is an instance's id; empty when the cloud sets none
     */
    public static boolean differ(Node node, Instance instance, Optional<String> idLabel) {
        boolean byProviderId = node.providerId().isPresent()
                && instance.providerId().isPresent()
                && !node.providerId().equals(instance.providerId());
        boolean byName =
                instance.nodeName().filter(name -> !name.equals(node.name())).isPresent();
        boolean byLabel = idLabel.map(label -> node.labels().get(label))
                .filter(id -> !id.equals(instance.id()))
                .isPresent();
        return byProviderId || byName || byLabel;
    }
}
