package io.kubescaler.plan;

import io.kubescaler.model.Instance;
import io.kubescaler.model.Node;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.PoolPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Joins nodes and instances into machines, by identity and never by count: by the node label that carries the
 * instance's id, else by provider ID, else by node name.
 */
final class Machines {
    private final Map<String, Instance> byId = new HashMap<>();
    private final Map<String, Instance> byProviderId = new HashMap<>();
    private final Map<String, Instance> byNodeName = new HashMap<>();
    private final Optional<String> idLabel;

    private Machines(PoolDescription cloud) {
        idLabel = cloud.instanceIdLabel();
        for (Instance instance : cloud.instances()) {
            byId.put(instance.id(), instance);
            instance.providerId().ifPresent(id -> byProviderId.put(id, instance));
            instance.nodeName().ifPresent(name -> byNodeName.put(name, instance));
        }
    }

    /** Returns the machines: those with a node by its name, then those without by instance id. */
    static List<Machine> join(List<Node> nodes, PoolDescription cloud, PoolPolicy policy, Instant now) {
        Machines index = new Machines(cloud);
        List<Machine> machines = new ArrayList<>();
        for (Node node : nodes.stream().sorted(Comparator.comparing(Node::name)).toList()) {
            Optional<Instance> instance = index.find(node);
            // an instance is one machine: a second node that claims it stays without
            instance.ifPresent(found -> index.byId.remove(found.id()));
            machines.add(Machine.of(Optional.of(node), instance, policy, now));
        }
        index.byId.values().stream()
                .sorted(Comparator.comparing(Instance::id))
                .forEach(rest -> machines.add(Machine.of(Optional.empty(), Optional.of(rest), policy, now)));
        return machines;
    }

    private Optional<Instance> find(Node node) {
        Optional<String> labelled = idLabel.map(label -> node.labels().get(label));
        Optional<Instance> found = labelled.isPresent()
                ? labelled.map(byId::get)
                : Optional.ofNullable(byProviderId.get(node.providerId().orElse("")))
                        .or(() -> Optional.ofNullable(byNodeName.get(node.name()))
                                .filter(it -> !namesAnotherMachine(it, node)));
        return found.filter(it -> byId.containsKey(it.id()));
    }

    // the same node name on another machine is another node
    private static boolean namesAnotherMachine(Instance instance, Node node) {
        return instance.providerId().isPresent()
                && node.providerId().isPresent()
                && !instance.providerId().equals(node.providerId());
    }
}
