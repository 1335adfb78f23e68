package io.kubescaler.model;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What tells which nodes are machines of a pool. Immutable and thread-safe.
 *
 * @param idLabel the node label whose value is a machine's id; empty when the cloud sets none
 * @param ids the ids of the pool's machines
 * @param nodeNames the names of their nodes, as far as the cloud tells them
 * @param providerIds their provider IDs, as far as the cloud tells them
 */
public record PoolIdentities(
        Optional<String> idLabel, Set<String> ids, Set<String> nodeNames, Set<String> providerIds) {
    public PoolIdentities {
        ids = Set.copyOf(ids);
        nodeNames = Set.copyOf(nodeNames);
        providerIds = Set.copyOf(providerIds);
    }

    /** Returns the identities of the machines of a pool. */
    public static PoolIdentities of(PoolDescription pool) {
        return of(pool.instanceIdLabel(), pool.instances());
    }

    /** Returns the identities of these machines. */
    public static PoolIdentities of(Optional<String> idLabel, List<Instance> machines) {
        Set<String> ids = new HashSet<>();
        Set<String> nodeNames = new HashSet<>();
        Set<String> providerIds = new HashSet<>();
        for (Instance machine : machines) {
            ids.add(machine.id());
            machine.nodeName().ifPresent(nodeNames::add);
            machine.providerId().ifPresent(providerIds::add);
        }
        return new PoolIdentities(idLabel, ids, nodeNames, providerIds);
    }

    /** Returns whether a node is one of these machines, by provider ID, by name or by the label with its id. */
    public boolean claim(Node node) {
        return node.providerId().filter(providerIds::contains).isPresent()
                || nodeNames.contains(node.name())
                || idOn(node).filter(ids::contains).isPresent();
    }

    /** Returns the machine's id that a node carries as a label; empty when it carries none, or an empty one. */
    public Optional<String> idOn(Node node) {
        return idOn(node, idLabel);
    }

    /** Returns the machine's id that a node carries as that label; empty when it carries none, or an empty one. */
    public static Optional<String> idOn(Node node, Optional<String> idLabel) {
        return idLabel.map(label -> node.labels().get(label)).filter(id -> !id.isEmpty());
    }
}
