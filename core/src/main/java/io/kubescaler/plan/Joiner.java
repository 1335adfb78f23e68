package io.kubescaler.plan;

import io.kubescaler.model.Instance;
import io.kubescaler.model.Node;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.PoolIdentities;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Joins nodes and instances: by the node label that carries the instance's id, else by provider ID, else by node name.
 * Where identities contradict each other, the machines concerned are joined as well as can be, for the counting, and
 * carry a doubt that protects them. For one join.
 */
final class Joiner {
    private final Optional<String> idLabel;
    // in the order of the ids
    private final Map<String, Instance> byId = new LinkedHashMap<>();
    private final Map<String, List<Instance>> byProviderId = new HashMap<>();
    private final Map<String, List<Instance>> byNodeName = new HashMap<>();
    private final Map<String, List<String>> claimants = new HashMap<>();
    private final Map<String, String> doubts = new HashMap<>();

    Joiner(PoolDescription cloud) {
        idLabel = cloud.instanceIdLabel();
        cloud.instances().stream().sorted(Comparator.comparing(Instance::id)).forEach(this::add);
    }

    private void add(Instance instance) {
        byId.put(instance.id(), instance);
        instance.providerId().ifPresent(id -> byProviderId.merge(id, List.of(instance), Joiner::concat));
        instance.nodeName().ifPresent(name -> byNodeName.merge(name, List.of(instance), Joiner::concat));
    }

    // nearly all lists have one element, and those of more are faults
    private static <T> List<T> concat(List<T> some, List<T> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    /** The instance that a node is taken for, of all that it may be by its identities. */
    private record Claim(int position, Optional<Instance> taken) {}

    /** Returns the machines: those with a node by its name, then those without by instance id. */
    List<Join.Pair> join(List<Node> nodes) {
        List<Claim> claims = IntStream.range(0, nodes.size())
                .boxed()
                .sorted(Comparator.comparing(position -> nodes.get(position).name()))
                .map(position -> new Claim(position, claim(nodes.get(position))))
                .toList();
        doubtWhatSeveralClaim();
        List<Join.Pair> pairs = new ArrayList<>();
        for (Claim claim : claims) {
            // an instance is one machine: a second node that claims it stays without
            Optional<Instance> instance = claim.taken().filter(it -> byId.remove(it.id()) != null);
            Optional<String> doubt = instance.map(it -> doubts.get(it.id()));
            pairs.add(new Join.Pair(claim.position(), instance, doubt));
        }
        for (Instance rest : byId.values()) {
            pairs.add(new Join.Pair(Join.NO_NODE, Optional.of(rest), Optional.ofNullable(doubts.get(rest.id()))));
        }
        return List.copyOf(pairs);
    }

    private Optional<Instance> claim(Node node) {
        Optional<String> label = PoolIdentities.idOn(node, idLabel);
        Optional<Instance> labelled = label.map(byId::get);
        List<Instance> provided = node.providerId()
                .map(id -> byProviderId.getOrDefault(id, List.of()))
                .orElse(List.of());
        List<Instance> named = new ArrayList<>(byNodeName.getOrDefault(node.name(), List.of()));
        named.removeIf(it -> namesAnotherMachine(it, node));
        Optional<Instance> taken =
                label.isPresent() ? labelled : first(provided).or(() -> first(named));
        Set<Instance> all = new TreeSet<>(Comparator.comparing(Instance::id));
        all.addAll(provided);
        all.addAll(named);
        labelled.ifPresent(all::add);
        all.forEach(it -> claimants.merge(it.id(), List.of(node.name()), Joiner::concat));
        if (all.size() > 1 || (label.isPresent() && labelled.isEmpty())) {
            all.forEach(it -> doubts.put(
                    it.id(), "label, provider ID and name of node %s contradict each other".formatted(node.name())));
        } else if (taken.filter(it -> namesAnotherMachine(it, node)).isPresent()) {
            doubts.put(
                    taken.get().id(),
                    "node %s has provider ID %s and the cloud says %s"
                            .formatted(
                                    node.name(),
                                    node.providerId().orElseThrow(),
                                    taken.get().providerId().orElseThrow()));
        }
        return taken;
    }

    private static Optional<Instance> first(List<Instance> instances) {
        return instances.isEmpty() ? Optional.empty() : Optional.of(instances.get(0));
    }

    private void doubtWhatSeveralClaim() {
        claimants.forEach((id, names) -> {
            if (names.size() > 1) {
                doubts.put(id, "nodes %s all claim to be machine %s".formatted(String.join(", ", names), id));
            }
        });
    }

    // the same node name on another machine is another node
    private static boolean namesAnotherMachine(Instance instance, Node node) {
        return instance.providerId().isPresent()
                && node.providerId().isPresent()
                && !instance.providerId().equals(node.providerId());
    }
}
