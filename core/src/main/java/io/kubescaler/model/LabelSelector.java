package io.kubescaler.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Kubernetes label selector, as {@code kubectl get nodes -l} takes it, for nodes or for pods: terms {@code key=value},
 * {@code key==value}, {@code key!=value}, {@code key in (a,b)}, {@code key notin (a,b)}, {@code key} and {@code !key},
 * joined by commas. The grammar is that of {@code k8s.io/apimachinery/pkg/labels}, without {@code <} and {@code >}.
 * Immutable and thread-safe.
 */
public final class LabelSelector {
    private static final Pattern SET = Pattern.compile("(\\S+)\\s+(in|notin)\\s*\\(([^()]*)\\)");
    private static final Pattern EQUALITY = Pattern.compile("([^=!\\s]+)\\s*(==|=|!=)\\s*([^=!\\s]*)");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?");
    private static final Pattern DOMAIN =
            Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");
    /** The longest name of a label, and the longest value, in characters. */
    private static final int LONGEST_NAME = 63;
    /** The longest domain before the name of a label, in characters. */
    private static final int LONGEST_DOMAIN = 253;

    /** Stands for all values that nobody names: no label has it. */
    private static final String NO_VALUE = "?";

    private final String text;
    private final List<Term> terms;

    private LabelSelector(String text, List<Term> terms) {
        this.text = text;
        this.terms = terms;
    }

    /** How a term looks at the label of its key. */
    private enum Operator {
        IN,
        NOT_IN,
        EXISTS,
        ABSENT
    }

    private record Term(String key, Operator operator, Set<String> values) {
        boolean matches(Map<String, String> labels) {
            String value = labels.get(key);
            return switch (operator) {
                case IN -> value != null && values.contains(value);
                case NOT_IN -> value == null || !values.contains(value);
                case EXISTS -> value != null;
                case ABSENT -> value == null;
            };
        }
    }

    /**
     * Reads a selector.
     *
     * @throws IllegalArgumentException when the text is blank or a term is malformed; the message names the term
     */
    public static LabelSelector parse(String text) {
        List<String> parts = splitTerms(text);
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("the selector is empty; give at least one term, such as role=scalable");
        }
        return new LabelSelector(
                text.strip(), parts.stream().map(LabelSelector::term).toList());
    }

    /** Returns whether a node or pod with these labels is selected. */
    public boolean matches(Map<String, String> labels) {
        // asked for each pod of a node after each change of one: an iterator a pod would be most of the garbage
        for (int i = 0; i < terms.size(); i++) {
            if (!terms.get(i).matches(labels)) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether one of the selectors selects a node or pod with these labels. */
    static boolean anyMatches(List<LabelSelector> selectors, Map<String, String> labels) {
        for (int i = 0; i < selectors.size(); i++) {
            if (selectors.get(i).matches(labels)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns whether a pod with this {@code nodeSelector} can never be placed on a node that is selected: it asks for a
     * value that some term rules out.
     */
    public boolean contradicts(Map<String, String> podNodeSelector) {
        return terms.stream()
                .filter(term -> podNodeSelector.containsKey(term.key()))
                .anyMatch(term -> !term.matches(podNodeSelector));
    }

    /** Returns the names of all labels that it looks at: what else an object carries makes no difference. */
    public Set<String> keys() {
        return terms.stream().map(Term::key).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Returns whether what is selected may carry a label that somebody wants, or may lack it where that is wanted.
     *
     * @param key the name of the label
     * @param wanted whether a value of it, or its absence, is wanted
     * @param examples values of which one is wanted, if any value is that the selector does not name
     */
    boolean mayCarry(String key, Predicate<Optional<String>> wanted, Collection<String> examples) {
        List<Term> ofKey = terms.stream().filter(term -> term.key().equals(key)).toList();
        Stream<String> named = ofKey.stream().flatMap(term -> term.values().stream());
        return Stream.concat(
                        Stream.of(Optional.<String>empty(), Optional.of(NO_VALUE)),
                        Stream.concat(named, examples.stream()).map(Optional::of))
                .filter(wanted)
                .map(value -> value.map(it -> Map.of(key, it)).orElse(Map.of()))
                .anyMatch(labels -> ofKey.stream().allMatch(term -> term.matches(labels)));
    }

    /**
     * Returns what a match carries, as far as it is told: {@code key=value} for each value of a term that names some,
     * {@code key} for a term that takes any. Empty when all terms say what a match must not carry: that is nearly
     * everything.
     */
    public List<String> wanted() {
        return terms.stream()
                .flatMap(term -> switch (term.operator()) {
                    case IN -> term.values().stream().sorted().map(value -> term.key() + "=" + value);
                    case EXISTS -> Stream.of(term.key());
                    case NOT_IN, ABSENT -> Stream.<String>empty();
                })
                .toList();
    }

    /** Returns the labels that every matching node or pod must carry with one certain value, by name. */
    public Map<String, String> requiredLabels() {
        Map<String, String> required = new TreeMap<>();
        for (Term term : terms) {
            if (term.operator() == Operator.IN && term.values().size() == 1) {
                required.put(term.key(), term.values().iterator().next());
            }
        }
        return required;
    }

    // commas inside the parentheses of a set do not separate terms
    private static List<String> splitTerms(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        int depth = 0;
        for (char c : (text + ",").toCharArray()) {
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && depth == 0) {
                parts.add(part.toString().strip());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        if (depth != 0) {
            throw new IllegalArgumentException("the parentheses of the selector '%s' do not match".formatted(text));
        }
        if (parts.size() == 1 && parts.get(0).isEmpty()) {
            return List.of();
        }
        return parts;
    }

    private static Term term(String part) {
        var set = SET.matcher(part);
        if (set.matches()) {
            List<String> values = List.of(set.group(3).strip().split("\\s*,\\s*", -1));
            if (set.group(3).isBlank()) {
                throw new IllegalArgumentException("'%s' names no value; write it as key in (a,b)".formatted(part));
            }
            Operator operator = set.group(2).equals("in") ? Operator.IN : Operator.NOT_IN;
            return new Term(key(set.group(1), part), operator, Set.copyOf(checked(values, part)));
        }
        var equality = EQUALITY.matcher(part);
        if (equality.matches()) {
            Operator operator = equality.group(2).equals("!=") ? Operator.NOT_IN : Operator.IN;
            return new Term(
                    key(equality.group(1), part), operator, Set.copyOf(checked(List.of(equality.group(3)), part)));
        }
        return part.startsWith("!")
                ? new Term(key(part.substring(1).strip(), part), Operator.ABSENT, Set.of())
                : new Term(key(part, part), Operator.EXISTS, Set.of());
    }

    private static String key(String key, String part) {
        int slash = key.indexOf('/');
        String domain = slash < 0 ? "" : key.substring(0, slash);
        boolean domainFits = slash < 0 || (DOMAIN.matcher(domain).matches() && domain.length() <= LONGEST_DOMAIN);
        if (!domainFits || !isName(key.substring(slash + 1))) {
            throw malformed(part);
        }
        return key;
    }

    private static boolean isName(String name) {
        return NAME.matcher(name).matches() && name.length() <= LONGEST_NAME;
    }

    private static List<String> checked(List<String> values, String part) {
        if (!values.stream().allMatch(value -> value.isEmpty() || isName(value))) {
            throw malformed(part);
        }
        return values;
    }

    private static IllegalArgumentException malformed(String part) {
        return new IllegalArgumentException(
                "'%s' is no selector term; write key=value, key!=value, key in (a,b), key notin (a,b), key or !key"
                        .formatted(part));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LabelSelector that && terms.equals(that.terms);
    }

    @Override
    public int hashCode() {
        return terms.hashCode();
    }

    /** Returns the selector as it was given, stripped: fit for the API's {@code labelSelector}. */
    @Override
    public String toString() {
        return text;
    }
}
