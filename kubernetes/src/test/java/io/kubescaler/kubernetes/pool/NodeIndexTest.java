package io.kubescaler.kubernetes.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.kubernetes.objects.Interner;
import io.kubescaler.kubernetes.objects.JsonText;
import io.kubescaler.kubernetes.objects.NodeReader;
import io.kubescaler.kubernetes.objects.Observed;
import io.kubescaler.model.Node;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NodeIndexTest {
    private final NodeIndex index = new NodeIndex();

    @BeforeEach
    void oneNode() throws IOException {
        index.upsert(node("u", "100", "a"));
    }

    @Test
    void takesAnAnswerThatIsNewerThanTheWatch() throws IOException {
        assertThat(index.answered(node("u", "105", "b")).isOne()).isTrue();
        // the watch lags behind, and shows what was before the write
        assertThat(index.upsert(node("u", "104", "a")).isOne()).isFalse();
        assertThat(label()).contains("b");
        assertThat(index.upsert(node("u", "1000", "c")).isOne()).isTrue();
        assertThat(label()).contains("c");
    }

    @Test
    void doesNotBringANodeBackByAnAnswer() throws IOException {
        index.delete(new Observed<>("n", "u", "101", Optional.empty()));
        index.answered(node("u", "102", "b"));
        assertThat(label()).isEmpty();
    }

    @Test
    void keepsANewNodeOfTheSameNameWhenTheOldOneIsReportedGone() throws IOException {
        index.upsert(node("u2", "50", "new"));
        index.answered(node("u", "200", "old"));
        index.delete(new Observed<>("n", "u", "201", Optional.empty()));
        assertThat(label()).contains("new");
    }

    @Test
    void doesNotTakeAVersionAloneForAChange() throws IOException {
        assertThat(index.upsert(node("u", "101", "a")).isOne()).isFalse();
        assertThat(index.get("n").orElseThrow().resourceVersion()).isEqualTo("101");
    }

    @Test
    void followsOurOwnWritesAndNobodyElses() throws IOException {
        Node read = node("u", "100", "a");
        Node first = node("u", "105", "b");
        Node second = node("u", "110", "c");
        assertThat(index.currentVersion(read)).isEqualTo("100");
        index.wrote(read, first);
        assertThat(index.currentVersion(read)).isEqualTo("105");
        index.wrote(first, second);
        assertThat(index.currentVersion(read)).isEqualTo("110");
        assertThat(index.currentVersion(first)).isEqualTo("110");
        // somebody wrote 115, and we wrote on top of what they did: whoever read 100 has not seen that
        index.wrote(node("u", "115", "d"), node("u", "120", "e"));
        assertThat(index.currentVersion(read)).isEqualTo("100");
        assertThat(index.currentVersion(node("u", "115", "d"))).isEqualTo("120");
    }

    @Test
    void forgetsWhatANewListLacks() {
        index.startList();
        index.endList();
        assertThat(label()).isEmpty();
    }

    @Test
    void forgetsWhatANewListLacksThoughARequestOfOursHasJustSeenIt() throws IOException {
        index.startList();
        index.answered(node("u", "105", "b"));
        index.endList();
        assertThat(label()).isEmpty();
    }

    @Test
    void takesWhatANewListSaysThoughItsVersionIsOlder() throws IOException {
        index.wrote(node("u", "90", "z"), node("u", "100", "a"));
        index.startList();
        assertThat(index.upsert(node("u", "50", "restored")).isOne()).isTrue();
        index.endList();
        assertThat(label()).contains("restored");
        assertThat(index.currentVersion(node("u", "90", "z")))
                .as("what we wrote before is void")
                .isEqualTo("90");
        index.upsert(node("u", "51", "next"));
        assertThat(label()).contains("next");
        index.upsert(node("u", "50", "restored"));
        assertThat(label()).as("told once more by the watch").contains("next");
    }

    @Test
    void believesAnAnswerThatIsNewerThanTheListUnderWay() throws IOException {
        index.startList();
        index.answered(node("u", "105", "b"));
        index.upsert(node("u", "104", "a"));
        index.endList();
        assertThat(label()).contains("b");
        index.startList();
        index.upsert(node("u", "104", "a"));
        index.endList();
        assertThat(label()).as("a later list").contains("a");
    }

    private Optional<String> label() {
        return index.get("n").map(node -> node.labels().get("x"));
    }

    private static Node node(String uid, String version, String label) throws IOException {
        return JsonText.read(
                        new NodeReader(new Interner(10)),
                        ("{'metadata':{'name':'n','uid':'%s','resourceVersion':'%s',"
                                        + "'creationTimestamp':'2026-01-01T00:00:00Z','labels':{'x':'%s'}}}")
                                .formatted(uid, version, label))
                .value()
                .orElseThrow();
    }
}
