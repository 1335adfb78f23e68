package io.kubescaler.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.model.NodeAffinity.Requirement;
import io.kubescaler.model.NodeAffinity.Term;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the scheduler filters nodes by, case by case as the Kubernetes sources have it. */
final class NodeConstraintsTest {
    private static NodeConstraints affinity(Term... terms) {
        return new NodeConstraints(Map.of(), Optional.of(new NodeAffinity(List.of(terms))), List.of());
    }

    private static Term expressions(Requirement... requirements) {
        return new Term(List.of(requirements), List.of());
    }

    private static Term fields(Requirement... requirements) {
        return new Term(List.of(), List.of(requirements));
    }

    private static Requirement requirement(String key, String operator, String values) {
        return new Requirement(key, operator, values.isEmpty() ? List.of() : Arrays.asList(values.split(" ")));
    }

    @ParameterizedTest
    @CsvSource({
        "In, a b, true",
        "In, b, false",
        "In, '', false",
        "NotIn, a b, false",
        "NotIn, b, true",
        "NotIn, '', false",
        "Exists, '', true",
        "Exists, a, false",
        "DoesNotExist, '', false",
        "Like, a, false",
        "Gt, 1, false"
    })
    void holdsALabelAgainstAnExpression(String operator, String values, boolean selected) {
        NodeConstraints constraints = affinity(expressions(requirement("role", operator, values)));
        assertThat(constraints.select(Map.of("role", "a"), "n")).isEqualTo(selected);
    }

    @ParameterizedTest
    @CsvSource({
        "Gt, 3, true",
        "Gt, 4, false",
        "Lt, 5, true",
        "Lt, 4, false",
        "Gt, -1, true",
        "Gt, 1 2, false",
        "Gt, x, false",
        "Gt, '', false"
    })
    void comparesWholeNumbers(String operator, String values, boolean selected) {
        NodeConstraints constraints = affinity(expressions(requirement("cores", operator, values)));
        assertThat(constraints.select(Map.of("cores", "4"), "n")).isEqualTo(selected);
        assertThat(constraints.select(Map.of(), "n")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"In, false", "NotIn, true", "Exists, false", "DoesNotExist, true"})
    void takesTheAbsenceOfALabelAsTheOperatorSays(String operator, boolean selected) {
        String values = operator.endsWith("In") ? "a" : "";
        NodeConstraints constraints = affinity(expressions(requirement("role", operator, values)));
        assertThat(constraints.select(Map.of("x", "a"), "n")).isEqualTo(selected);
    }

    @Test
    void needsOneTermAndAllOfIt() {
        NodeConstraints constraints = affinity(
                expressions(requirement("a", "Exists", ""), requirement("b", "Exists", "")),
                new Term(List.of(requirement("c", "Exists", "")), List.of(requirement("metadata.name", "In", "n"))));
        assertThat(constraints.select(Map.of("a", ""), "n")).isFalse();
        assertThat(constraints.select(Map.of("a", "", "b", ""), "other")).isTrue();
        assertThat(constraints.select(Map.of("c", ""), "n")).isTrue();
        assertThat(constraints.select(Map.of("c", ""), "other")).isFalse();
    }

    @Test
    void takesNoNodeForTermsThatSayNothing() {
        assertThat(affinity().select(Map.of(), "n")).isFalse();
        assertThat(affinity(expressions()).select(Map.of(), "n")).isFalse();
        assertThat(NodeConstraints.NONE.select(Map.of(), "n")).isTrue();
    }

    @Test
    void takesOneNameInAFieldAndNoOtherOperator() {
        assertThat(affinity(fields(requirement("metadata.name", "NotIn", "n"))).select(Map.of(), "n"))
                .isFalse();
        assertThat(affinity(fields(requirement("metadata.name", "NotIn", "n"))).select(Map.of(), "m"))
                .isTrue();
        assertThat(affinity(fields(requirement("metadata.name", "In", "n m"))).select(Map.of(), "n"))
                .isFalse();
        assertThat(affinity(fields(requirement("metadata.name", "Exists", ""))).select(Map.of(), "n"))
                .isFalse();
    }

    @Test
    void needsNodeSelectorAndAffinity() {
        NodeConstraints both = new NodeConstraints(
                Map.of("a", "1"),
                Optional.of(new NodeAffinity(List.of(expressions(requirement("b", "Exists", ""))))),
                List.of());
        assertThat(both.select(Map.of("a", "1"), "n")).isFalse();
        assertThat(both.select(Map.of("b", "1"), "n")).isFalse();
        assertThat(both.select(Map.of("a", "1", "b", ""), "n")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        role=a             | role  | In           | b    | true
        role=a             | role  | In           | a b  | false
        role=a             | role  | NotIn        | a    | true
        role in (a,b)      | role  | NotIn        | a    | false
        role in (a,b)      | role  | NotIn        | a b  | true
        role               | role  | NotIn        | a    | false
        role               | role  | DoesNotExist |      | true
        role=a             | role  | DoesNotExist |      | true
        role!=a            | role  | DoesNotExist |      | false
        !role              | role  | Exists       |      | true
        !role              | role  | In           | a    | true
        !role              | role  | NotIn        | a    | false
        role!=a            | role  | In           | a    | true
        role!=a            | role  | In           | a b  | false
        cores in (2,4)     | cores | Gt           | 4    | true
        cores in (2,4)     | cores | Lt           | 4    | false
        cores              | cores | Gt           | 4    | false
        role=a             | other | In           | b    | false
        role=a             | role  | Like         | a    | true
        """)
    void knowsWhatASelectorRulesOut(String selector, String key, String operator, String values, boolean excluded) {
        Term term = expressions(requirement(key, operator, values == null ? "" : values));
        assertThat(affinity(term).exclude(LabelSelector.parse(selector))).isEqualTo(excluded);
        // one term that may match is enough
        assertThat(affinity(term, expressions(requirement("free", "Exists", "")))
                        .exclude(LabelSelector.parse(selector)))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "k, Equal, v, NoSchedule, true",
        "k, '', v, '', true",
        "k, Equal, w, '', false",
        "k, Exists, '', NoExecute, false",
        "k, Exists, '', '', true",
        "'', Exists, '', '', true",
        "x, Exists, '', '', false",
        "k, Like, v, '', false"
    })
    void toleratesATaintByKeyValueAndEffect(
            String key, String operator, String value, String effect, boolean tolerated) {
        Taint taint = new Taint("k", "v", Taint.NO_SCHEDULE);
        NodeConstraints constraints =
                new NodeConstraints(Map.of(), Optional.empty(), List.of(new Toleration(key, operator, value, effect)));
        assertThat(constraints.keptOutBy(List.of(taint)).isEmpty()).isEqualTo(tolerated);
    }

    @ParameterizedTest
    @CsvSource({
        "Gt, 5, 6, true",
        "Gt, 5, 5, false",
        "Lt, 5, 4, true",
        "Lt, 05, 4, false",
        "Lt, 5, +4, false",
        "Lt, 5, '', false",
        "Lt, 5, -0, false",
        "Gt, 5, 99999999999999999999, false",
        "Gt, 5, 9999999999999999999, false"
    })
    void comparesTheNumbersOfTaints(String operator, String ours, String theirs, boolean tolerated) {
        assertThat(new Toleration("k", operator, ours, "").tolerates(new Taint("k", theirs, Taint.NO_EXECUTE)))
                .isEqualTo(tolerated);
    }

    @Test
    void isKeptOutByHardTaintsAlone() {
        Taint wish = new Taint("a", "", "PreferNoSchedule");
        Taint hard = new Taint("b", "1", Taint.NO_EXECUTE);
        assertThat(NodeConstraints.NONE.keptOutBy(List.of(wish))).isEmpty();
        assertThat(NodeConstraints.NONE.keptOutBy(List.of(wish, hard))).contains(hard);
        assertThat(hard).hasToString("b=1:NoExecute");
    }
}
