package io.kubescaler.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The cases are those of {@code k8s.io/apimachinery/pkg/labels/selector_test.go} and of its grammar. */
final class LabelSelectorTest {
    private static final Map<String, String> LABELS =
            Map.of("role", "scalable", "zone", "a", "empty", "", "example.com/tier", "gold");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "role=scalable | true",
                "role==scalable | true",
                "role = scalable | true",
                "role=other | false",
                "missing=x | false",
                "missing= | false",
                "empty= | true",
                "zone= | false",
                "role!=scalable | false",
                "role!=other | true",
                "role != other | true",
                "missing!=x | true",
                "zone in (a,b) | true",
                "zone in ( a , b ) | true",
                "zone in (b) | false",
                "zone in(a) | true",
                "zone in (a,) | true",
                "empty in (a,) | true",
                "missing in (a) | false",
                "zone notin (b,c) | true",
                "zone notin (a) | false",
                "missing notin (a) | true",
                "role | true",
                "empty | true",
                "missing | false",
                "!missing | true",
                "! missing | true",
                "!role | false",
                "example.com/tier=gold | true",
                "role=scalable,zone in (a,b),!missing | true",
                "role=scalable , zone=b | false",
                "role,zone notin (a,b) | false",
                "in=x | false",
                "notin | false",
            })
    void matchesAsKubernetesDoes(String selector, boolean matches) {
        assertThat(LabelSelector.parse(selector).matches(LABELS)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "role=a b",
                "=x",
                "!=x",
                "!",
                "!role=x",
                "role=x=y",
                "role===x",
                "role in",
                "role in a",
                "role in a,b",
                "role isnt (a)",
                "role in (a) x",
                "role=x,",
                ",role=x",
                "role=x,,zone=a",
                "-role=x",
                "role-=x",
                "role=-x",
                "role=x-",
                "a/b/c=x",
                "/role=x",
                "Example.com/role=x",
                "exa_mple.com/role=x",
                "example..com/role=x",
                "zone in (a,-b)",
                "rôle=x",
                "a),(b",
            })
    void namesTheTermThatIsMalformed(String selector) {
        assertThatThrownBy(() -> LabelSelector.parse(selector))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no selector term; write key=value");
    }

    @Test
    void namesTheMalformedTermAlone() {
        assertThatThrownBy(() -> LabelSelector.parse("role=x, b@d=1 ,zone=a")).hasMessageStartingWith("'b@d=1'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zone in ()", "zone notin ( )"})
    void refusesASetOfNothing(String selector) {
        assertThatThrownBy(() -> LabelSelector.parse(selector))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + selector + "' names no value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zone in (a", "zone in a)", "zone in ((a)"})
    void refusesParenthesesThatDoNotMatch(String selector) {
        assertThatThrownBy(() -> LabelSelector.parse(selector))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(selector)
                .hasMessageContaining("parentheses");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  "})
    void refusesToSelectEverything(String selector) {
        assertThatThrownBy(() -> LabelSelector.parse(selector))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("empty")
                .hasMessageContaining("role=scalable");
    }

    @Test
    void boundsLengthsAsKubernetesDoes() {
        String name = "n".repeat(63);
        String domain = ("d".repeat(49) + ".").repeat(5) + "ddd";
        assertThat(LabelSelector.parse(domain + "/" + name + "=" + name)).isNotNull();
        assertThatThrownBy(() -> LabelSelector.parse("n" + name)).hasMessageContaining("no selector term");
        assertThatThrownBy(() -> LabelSelector.parse("d" + domain + "/" + name))
                .hasMessageContaining("no selector term");
        assertThatThrownBy(() -> LabelSelector.parse("role=v" + name)).hasMessageContaining("no selector term");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "role=scalable | other | true",
                "role=scalable | scalable | false",
                "role!=other | other | true",
                "role in (a,b) | b | false",
                "role notin (a,b) | b | true",
                "role | anything | false",
                "!role | anything | true",
                "zone=a | anything | false",
            })
    void knowsWhatAPodCanNeverBePlacedOn(String selector, String wantedRole, boolean contradicts) {
        assertThat(LabelSelector.parse(selector).contradicts(Map.of("role", wantedRole)))
                .isEqualTo(contradicts);
    }

    @Test
    void tellsTheLabelsThatEveryNodeCarries() {
        assertThat(LabelSelector.parse("b=2,a in (1),c in (1,2),!d,e,f!=1").requiredLabels())
                .containsExactly(Map.entry("a", "1"), Map.entry("b", "2"));
    }

    @Test
    void printsAsGivenAndComparesByMeaning() {
        assertThat(LabelSelector.parse(" role = x ")).hasToString("role = x").isEqualTo(LabelSelector.parse("role==x"));
        assertThat(LabelSelector.parse("role = x")).hasSameHashCodeAs(LabelSelector.parse("role in (x)"));
        assertThat(LabelSelector.parse("role=x")).isNotEqualTo(LabelSelector.parse("role!=x"));
    }

    @Test
    void looksAtItsKeysAndAtNoOtherLabel() {
        LabelSelector selector = LabelSelector.parse("app in (a,b),tier!=lobby,!old,live");
        assertThat(selector.keys()).containsExactlyInAnyOrder("app", "tier", "old", "live");
        assertThat(selector.matches(Map.of("app", "b", "live", ""))).isTrue();
        assertThat(selector.matches(Map.of("app", "b", "live", "", "tier", "lobby")))
                .isFalse();
        assertThat(selector.matches(Map.of("app", "b", "live", "", "old", "x"))).isFalse();
    }

    @Test
    void tellsWhatAMatchCarries() {
        assertThat(LabelSelector.parse("app in (b,a),tier!=lobby,!old,live").wanted())
                .containsExactly("app=a", "app=b", "live");
        assertThat(LabelSelector.parse("tier!=lobby,!old").wanted()).isEmpty();
    }
}
