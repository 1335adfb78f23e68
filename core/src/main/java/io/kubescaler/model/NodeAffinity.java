package io.kubescaler.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The required node affinity of a pod, {@code requiredDuringSchedulingIgnoredDuringExecution}: one of its terms has to
 * match the node. Mirrors {@code k8s.io/component-helpers/scheduling/corev1/nodeaffinity}. Immutable and thread-safe.
 *
 * @param terms {@code nodeSelectorTerms}; none matches no node
 */
public record NodeAffinity(List<Term> terms) {
    public NodeAffinity {
        terms = List.copyOf(terms);
    }

    /** Returns whether one of the terms matches a node. */
    public boolean matches(Map<String, String> labels, String nodeName) {
        for (Term term : terms) {
            if (term.matches(labels, nodeName)) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether it matches none of the nodes that a selector selects, whatever else they carry. */
    public boolean excludes(LabelSelector selector) {
        return terms.stream().allMatch(term -> term.excludes(selector));
    }

    /**
     * One way to match a node: all of its requirements are met. One without any matches no node, and so does one with a
     * requirement that makes no sense.
     *
     * @param expressions {@code matchExpressions}: what the node's labels have to be like
     * @param fields {@code matchFields}: what the node's fields have to be like; {@code metadata.name} is the only one
     */
    public record Term(List<Requirement> expressions, List<Requirement> fields) {
        public Term {
            expressions = List.copyOf(expressions);
            fields = List.copyOf(fields);
        }

        /** Returns whether no node at all can match. */
        public boolean isVoid() {
            return (expressions.isEmpty() && fields.isEmpty())
                    || !expressions.stream().allMatch(Requirement::makesSense)
                    || !fields.stream().allMatch(Requirement::makesSenseOfAField);
        }

        private boolean matches(Map<String, String> labels, String nodeName) {
            return !isVoid()
                    && expressions.stream().allMatch(it -> it.matches(Optional.ofNullable(labels.get(it.key()))))
                    && fields.stream().allMatch(it -> it.matches(Optional.of(it.isOfTheName() ? nodeName : "")));
        }

        private boolean excludes(LabelSelector selector) {
            return isVoid()
                    || !expressions.stream().allMatch(it -> selector.mayCarry(it.key(), it::matches, it.examples()));
        }
    }

    /**
     * What one label or field has to be like: a {@code NodeSelectorRequirement}.
     *
     * @param key the name of the label or field
     * @param operator {@code In}, {@code NotIn}, {@code Exists}, {@code DoesNotExist}, {@code Gt} or {@code Lt}
     * @param values what the operator holds the value against
     */
    public record Requirement(String key, String operator, List<String> values) {
        public Requirement {
            values = List.copyOf(values);
        }

        /** Returns the requirement that a label has a value. */
        public static Requirement is(String key, String value) {
            return new Requirement(key, "In", List.of(value));
        }

        /** Returns whether a label of that value, or none when empty, is as required. */
        public boolean matches(Optional<String> value) {
            return switch (operator) {
                case "In" -> value.filter(values::contains).isPresent();
                case "NotIn" -> value.filter(values::contains).isEmpty();
                case "Exists" -> value.isPresent();
                case "DoesNotExist" -> value.isEmpty();
                case "Gt", "Lt" ->
                    value.flatMap(NodeAffinity::number).filter(this::compares).isPresent();
                default -> false;
            };
        }

        /** Returns whether it is of the field {@code metadata.name}. */
        public boolean isOfTheName() {
            return key.equals("metadata.name");
        }

        private boolean compares(long number) {
            return values.stream()
                    .flatMap(it -> number(it).stream())
                    .anyMatch(bound -> operator.equals("Gt") ? number > bound : number < bound);
        }

        private boolean makesSense() {
            return switch (operator) {
                case "In", "NotIn" -> !values.isEmpty();
                case "Exists", "DoesNotExist" -> values.isEmpty();
                case "Gt", "Lt" -> values.size() == 1 && number(values.get(0)).isPresent();
                default -> false;
            };
        }

        private boolean makesSenseOfAField() {
            return (operator.equals("In") || operator.equals("NotIn")) && values.size() == 1;
        }

        // values by which it can be told whether there is one that is as required
        private List<String> examples() {
            List<String> examples = new ArrayList<>(values);
            values.forEach(value -> number(value).ifPresent(bound -> {
                examples.add(String.valueOf(bound + 1));
                examples.add(String.valueOf(bound - 1));
            }));
            return examples;
        }
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException noNumber) {
            return Optional.empty();
        }
    }
}
