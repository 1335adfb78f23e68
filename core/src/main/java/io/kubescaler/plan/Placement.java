package io.kubescaler.plan;

import io.kubescaler.model.Node;
import io.kubescaler.model.NodeConstraints;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.Resources;
import io.kubescaler.model.Taint;
import io.kubescaler.plan.NewNode.Answer;
import io.kubescaler.plan.NewNode.Offer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Says of servers that wait whether they could be placed on a node of the pool, were it empty, and what is in their way
 * otherwise. Made for one pass.
 */
final class Placement {
    private final PoolPolicy policy;
    private final List<Node> nodes;
    private final NewNode newNode;
    private final boolean triedInVain;
    private final Instant now;
    private final Map<String, String> certain;
    // label name to value to the nodes that carry it, for the names that were asked for
    private final Map<String, Map<String, List<Node>>> carriers = new HashMap<>();

    /** @param triedInVain whether, for all that is known, nodes came when they were ordered for servers that still wait */
    Placement(PoolPolicy policy, List<Node> nodes, NewNode newNode, boolean triedInVain, Instant now) {
        this.policy = policy;
        this.nodes = nodes;
        this.newNode = newNode;
        this.triedInVain = triedInVain;
        this.now = now;
        certain = policy.selector().requiredLabels();
    }

    /** Returns why they cannot be placed on any node that the pool has or may get, in words; empty when they can. */
    Optional<String> obstacle(WaitingServers servers) {
        NodeConstraints constraints = servers.constraints();
        if (constraints.exclude(policy.selector())) {
            return Optional.of(
                    policy.selector().contradicts(constraints.nodeSelector())
                            ? "its nodeSelector %s excludes the nodes of this pool (%s)"
                                    .formatted(text(constraints.nodeSelector()), policy.selector())
                            : "its required node affinity excludes the nodes of this pool (%s)"
                                    .formatted(policy.selector()));
        }
        boolean taken = carriers(constraints).stream().anyMatch(node -> takes(node, servers)) || newNodeTakes(servers);
        return taken ? Optional.empty() : Optional.of(whyNot(servers));
    }

    /** Returns whether each would take a node, when it is empty; a node that does not tell its size yet may. */
    private boolean takes(Node node, WaitingServers servers) {
        return admits(node, servers.constraints(), policy)
                && (node.allocatable().isEmpty()
                        || node.allocatable()
                                        .timesFits(
                                                servers.requests(), node.load().daemons())
                                > 0);
    }

    /** Returns whether a node takes such pods, apart from the room on it. */
    static boolean admits(Node node, NodeConstraints constraints, PoolPolicy policy) {
        return constraints.select(node.labels(), node.name())
                && constraints
                        .keptOutBy(Fitness.lastingTaints(node.taints(), policy))
                        .isEmpty();
    }

    /** Returns whether one of them would be placed on a node that were bought for it, for all that is known. */
    boolean newNodeTakes(WaitingServers servers) {
        return mayTake(servers) && !provenWrong(servers) && isWorthBuying(servers);
    }

    private boolean mayTake(WaitingServers servers) {
        Answer selected = newNode.selectedBy(servers.constraints());
        // where there are nodes, they tell; in an empty pool the doubt is for the server
        boolean taken = selected == Answer.YES || (selected == Answer.MAYBE && nodes.isEmpty());
        return taken
                && servers.constraints().keptOutBy(newNode.taints()).isEmpty()
                && newNode.offer()
                        .map(offer -> offer.times(servers.requests(), Resources.NONE) > 0)
                        .orElse(true);
    }

    // nodes that came in vain are deleted, and tell nothing then: what the nodes do not bear out is tried for a while
    private boolean isWorthBuying(WaitingServers servers) {
        if (!Demand.hasWaited(servers, policy.provisioningTimeout(), now)) {
            return true;
        }
        List<Node> alike = alike();
        return alike.isEmpty()
                ? !triedInVain
                        || isSure(servers)
                        || nodes.stream().anyMatch(node -> isReady(node) && takes(node, servers))
                : alike.stream().allMatch(node -> takes(node, servers));
    }

    private static boolean isReady(Node node) {
        return node.readiness().ready() && node.unreadable().isEmpty();
    }

    private List<Node> alike() {
        return nodes.stream().filter(this::isLikeANewOne).toList();
    }

    // one that is set aside, or that a person has tainted, tells of itself alone
    private boolean isLikeANewOne(Node node) {
        return isReady(node) && !node.unschedulable() && hasNoTaintOfItsOwn(node);
    }

    private boolean hasNoTaintOfItsOwn(Node node) {
        return newNode.taints().containsAll(Fitness.lastingTaints(node.taints(), policy));
    }

    /**
     * Returns how many of them a node will have room for beside others that has not settled: with the taints of a new
     * node, and with its labels and devices, that may be still to come.
     */
    long roomOnceSettled(Node node, WaitingServers servers, Resources others) {
        NodeConstraints constraints = servers.constraints();
        boolean admitted = constraints.keptOutBy(newNode.taints()).isEmpty()
                && (constraints.select(node.labels(), node.name()) || newNode.selectedBy(constraints) == Answer.YES);
        return admitted
                ? newNode.offer()
                        .map(offer -> offer.times(servers.requests(), node, others))
                        .orElse(0L)
                : 0;
    }

    // the pool is there for servers of a slot; that a node takes more, or has what nobody names, is only to be hoped
    private boolean isSure(WaitingServers servers) {
        return newNode.selectedBy(servers.constraints()) == Answer.YES
                && servers.slotsEach(policy.slotSize()) == 1
                && servers.requests().names().stream()
                        .allMatch(name -> policy.slotSize().get(name) > 0
                                || newNode.offer().filter(it -> it.tells(name)).isPresent());
    }

    Optional<Offer> offer() {
        return newNode.offer();
    }

    // a node that came after they began to wait does not take them: to buy another one would be in vain, time and
    // again;
    // one with a taint of its own proves it only when another one has come like it
    private boolean provenWrong(WaitingServers servers) {
        Optional<Instant> since = servers.since();
        if (since.isEmpty()) {
            return false;
        }
        List<Node> inVain = nodes.stream()
                .filter(node ->
                        node.createdAt().isAfter(since.get()) && Fitness.hasSettled(node, now) && !takes(node, servers))
                .toList();
        return inVain.size() > 1 || inVain.stream().anyMatch(this::hasNoTaintOfItsOwn);
    }

    // most servers ask for no more than the pool's own labels; of those that do, few nodes carry what they ask for
    private List<Node> carriers(NodeConstraints constraints) {
        return constraints.nodeSelector().entrySet().stream()
                .filter(label -> !label.getValue().equals(certain.get(label.getKey())))
                .map(label -> carriers.computeIfAbsent(label.getKey(), this::nodesByValueOf)
                        .getOrDefault(label.getValue(), List.of()))
                .min(Comparator.comparingInt(List::size))
                .orElse(nodes);
    }

    private Map<String, List<Node>> nodesByValueOf(String name) {
        return nodes.stream()
                .filter(node -> node.labels().containsKey(name))
                .collect(Collectors.groupingBy(node -> node.labels().getOrDefault(name, "")));
    }

    private String whyNot(WaitingServers servers) {
        if (mayTake(servers) && !provenWrong(servers) && alike().isEmpty()) {
            return ("it is not certain that a new node would take it, no node of this pool tells,"
                            + " and none has taken it within the provisioning timeout of %d s")
                    .formatted(policy.provisioningTimeout().toSeconds());
        }
        NodeConstraints constraints = servers.constraints();
        List<Node> selected = nodes.stream()
                .filter(node -> constraints.select(node.labels(), node.name()))
                .toList();
        boolean mayBeNew = newNode.selectedBy(constraints) != Answer.NO;
        if (selected.isEmpty() && !mayBeNew) {
            return constraints.affinity().isEmpty()
                    ? "no node of this pool carries its nodeSelector " + text(constraints.nodeSelector())
                    : "its required node affinity excludes every node of this pool";
        }
        List<Set<Taint>> taints = new ArrayList<>();
        selected.forEach(node -> taints.add(Fitness.lastingTaints(node.taints(), policy)));
        if (mayBeNew) {
            taints.add(newNode.taints());
        }
        if (taints.stream().allMatch(some -> constraints.keptOutBy(some).isPresent())) {
            return "it does not tolerate the taint %s of this pool's nodes"
                    .formatted(constraints.keptOutBy(taints.get(0)).orElseThrow());
        }
        return tooLarge(servers, selected);
    }

    private String tooLarge(WaitingServers servers, List<Node> selected) {
        Optional<Offer> offer = provenWrong(servers) || !isWorthBuying(servers) ? Optional.empty() : newNode.offer();
        for (Map.Entry<String, Long> asked : servers.requests().asMap().entrySet()) {
            String resource = asked.getKey();
            long most = offer.map(it -> it.most(resource)).orElse(0L);
            for (Node node : selected) {
                most = Math.max(
                        most,
                        node.allocatable().get(resource) - node.load().daemons().get(resource));
            }
            if (asked.getValue() > most) {
                return "it requests %s of %s and an empty node of this pool has %s"
                        .formatted(amount(resource, asked.getValue()), resource, amount(resource, Math.max(0, most)));
            }
        }
        return "no empty node of this pool has all that it requests, which is " + servers.requests();
    }

    private static String amount(String resource, long amount) {
        return amount + (resource.equals(Resources.CPU) ? "m" : "");
    }

    private static String text(Map<String, String> labels) {
        return labels.entrySet().stream().map(Map.Entry::toString).sorted().collect(Collectors.joining(","));
    }
}
