package io.kubescaler.plan;

import io.kubescaler.model.Node;
import io.kubescaler.model.NodeAffinity.Requirement;
import io.kubescaler.model.NodeAffinity.Term;
import io.kubescaler.model.NodeConstraints;
import io.kubescaler.model.NodeTemplate;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.Resources;
import io.kubescaler.model.Taint;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is known of a node that the pool has not got yet: from the pool's selector, the cloud's template, and the nodes
 * that it has. Found out when asked for. For one pass.
 */
final class NewNode {
    private static final String HOSTNAME = "kubernetes.io/hostname";
    /** The name of a new node, which nobody can ask for. */
    private static final String NAME = "?";

    private final PoolPolicy policy;
    private final List<Node> nodes;
    private final Optional<NodeTemplate> template;
    private final Instant now;
    private final Map<String, String> certain;
    private final Map<String, Label> ofNodes = new HashMap<>();
    private Optional<Set<Taint>> taints = Optional.empty();
    private Optional<Optional<Offer>> offer = Optional.empty();

    NewNode(PoolPolicy policy, List<Node> nodes, Optional<NodeTemplate> template, Instant now) {
        this.policy = policy;
        this.nodes = nodes;
        this.template = template;
        this.now = now;
        certain = policy.selector().requiredLabels();
    }

    /** Whether something holds of it. */
    enum Answer {
        NO,
        MAYBE,
        YES;

        Answer and(Answer other) {
            return compareTo(other) < 0 ? this : other;
        }

        Answer or(Answer other) {
            return compareTo(other) > 0 ? this : other;
        }
    }

    /** What is known of one of its labels: its value or that it has none; nothing when {@code told} is false. */
    private record Label(boolean told, Optional<String> value) {
        static final Label UNKNOWN = new Label(false, Optional.empty());
        static final Label ABSENT = new Label(true, Optional.empty());

        static Label of(String value) {
            return new Label(true, Optional.of(value));
        }
    }

    /**
     * The room on an empty node.
     *
     * @param allocatable what pods may use of it
     * @param daemons what the pods that come with every node take
     * @param told the resources that are told; of the others it has enough, for all that is known
     */
    record Offer(Resources allocatable, Resources daemons, Optional<Set<String>> told) {
        /** Returns how many pods of that size it has room for beside others. */
        long times(Resources requests, Resources others) {
            Resources unit = told.map(requests::only).orElse(requests);
            return unit.isEmpty() ? Long.MAX_VALUE : allocatable.timesFits(unit, daemons.plus(others));
        }

        /**
         * Returns how many pods of that size a node that has not settled will have room for beside its own and others:
         * its devices and DaemonSets may be still to come.
         */
        long times(Resources requests, Node node, Resources others) {
            Resources unit = told.map(requests::only).orElse(requests);
            Resources used = node.load().used().max(daemons).plus(others);
            return unit.isEmpty()
                    ? Long.MAX_VALUE
                    : allocatable.max(node.allocatable()).timesFits(unit, used);
        }

        boolean tells(String resource) {
            return told.map(names -> names.contains(resource)).orElse(true);
        }

        /** Returns how much of a resource pods may ask for; without end when it is not told. */
        long most(String resource) {
            return tells(resource) ? allocatable.get(resource) - daemons.get(resource) : Long.MAX_VALUE;
        }
    }

    /** Returns whether node selector and affinity take it. */
    Answer selectedBy(NodeConstraints constraints) {
        Answer answer = Answer.YES;
        for (Map.Entry<String, String> wanted : constraints.nodeSelector().entrySet()) {
            answer = answer.and(meets(Requirement.is(wanted.getKey(), wanted.getValue())));
        }
        if (answer != Answer.NO && constraints.affinity().isPresent()) {
            Answer any = Answer.NO;
            for (Term term : constraints.affinity().get().terms()) {
                any = any.or(meets(term));
            }
            answer = answer.and(any);
        }
        return answer;
    }

    private Answer meets(Term term) {
        Answer answer = term.isVoid() ? Answer.NO : Answer.YES;
        for (Requirement field : term.fields()) {
            answer = answer.and(field.matches(Optional.of(field.isOfTheName() ? NAME : "")) ? Answer.YES : Answer.NO);
        }
        for (Requirement expression : term.expressions()) {
            answer = answer.and(meets(expression));
        }
        return answer;
    }

    private Answer meets(Requirement requirement) {
        Label label = label(requirement.key());
        if (!label.told()) {
            return Answer.MAYBE;
        }
        return requirement.matches(label.value()) ? Answer.YES : Answer.NO;
    }

    private Label label(String key) {
        String own = certain.getOrDefault(
                key, template.map(it -> it.labels().get(key)).orElse(null));
        if (own != null) {
            return Label.of(own);
        }
        if (key.equals(HOSTNAME)) {
            return Label.of(NAME);
        }
        if (!nodes.isEmpty()) {
            return ofNodes.computeIfAbsent(key, this::labelOfNodes);
        }
        // a template lists the labels that people gave the pool; those with a domain come from Kubernetes and the cloud
        return template.isPresent() && !key.contains("/") ? Label.ABSENT : Label.UNKNOWN;
    }

    private Label labelOfNodes(String key) {
        String first = nodes.get(0).labels().get(key);
        for (Node node : nodes) {
            if (!Objects.equals(first, node.labels().get(key))) {
                return Label.UNKNOWN;
            }
        }
        return first == null ? Label.ABSENT : Label.of(first);
    }

    /** Returns its taints, but for those that it will lose: what the template tells, else what all settled nodes carry. */
    Set<Taint> taints() {
        if (taints.isEmpty()) {
            taints = Optional.of(template.flatMap(NodeTemplate::taints)
                    .map(told -> Fitness.lastingTaints(told, policy))
                    .orElseGet(this::taintsOfAllNodes));
        }
        return taints.get();
    }

    // one that has not settled may carry those of agents that are about to take them away
    private Set<Taint> taintsOfAllNodes() {
        Optional<Set<Taint>> common = Optional.empty();
        for (Node node : nodes) {
            if (Fitness.hasSettled(node, now)) {
                Set<Taint> lasting = Fitness.lastingTaints(node.taints(), policy);
                Set<Taint> before = common.orElse(lasting);
                common = Optional.of(before.stream().filter(lasting::contains).collect(Collectors.toUnmodifiableSet()));
            }
            if (common.filter(Set::isEmpty).isPresent()) {
                break;
            }
        }
        return common.orElse(Set.of());
    }

    /** Returns the room on it; empty when nothing tells. */
    Optional<Offer> offer() {
        if (offer.isEmpty()) {
            offer = Optional.of(findOffer());
        }
        return offer.get();
    }

    private Optional<Offer> findOffer() {
        Optional<Resources> told = Slots.offer(template, policy.slotSize());
        Optional<Node> best = Optional.empty();
        Slots.Hint most = Slots.Hint.NONE;
        for (Node node : nodes) {
            Slots.Hint hint = Slots.hint(node, told, policy.slotSize());
            if (hint.weight() != Slots.Weight.NONE && (best.isEmpty() || isBetter(hint, node, most, best.get()))) {
                best = Optional.of(node);
                most = hint;
            }
        }
        Resources daemons = best.map(it -> it.load().daemons()).orElse(Resources.NONE);
        if (told.isPresent()) {
            return Optional.of(byTemplate(told.get(), daemons));
        }
        return best.map(node -> new Offer(node.allocatable(), daemons, Optional.empty()))
                .or(() -> policy.nodeAllocatable().map(it -> new Offer(it, Resources.NONE, Optional.of(it.names()))));
    }

    // a template may promise too much and leave resources out; a Ready node tells all that it has
    private Offer byTemplate(Resources told, Resources daemons) {
        Resources most = Resources.NONE;
        for (Node node : nodes) {
            if (node.readiness().ready() && node.unreadable().isEmpty()) {
                most = most.max(node.allocatable());
            }
        }
        if (most.isEmpty()) {
            return new Offer(told, daemons, Optional.of(told.names()));
        }
        Map<String, Long> offered = told.asMap();
        most.asMap().forEach((resource, amount) -> offered.merge(resource, amount, Math::min));
        return new Offer(Resources.of(offered), daemons, Optional.empty());
    }

    private static boolean isBetter(Slots.Hint hint, Node node, Slots.Hint other, Node otherNode) {
        int order = hint.weight().compareTo(other.weight());
        if (order == 0) {
            order = Long.compare(hint.slots(), other.slots());
        }
        return order == 0 ? node.name().compareTo(otherNode.name()) < 0 : order > 0;
    }
}
