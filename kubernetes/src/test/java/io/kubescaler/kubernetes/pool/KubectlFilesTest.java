package io.kubescaler.kubernetes.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubescaler.kubernetes.client.CapturedLog;
import io.kubescaler.kubernetes.objects.JsonText;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.Node;
import io.kubescaler.model.Pod;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Resources;
import io.kubescaler.testing.PolicyBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubectlFilesTest {
    private static final PoolPolicy POLICY =
            new PolicyBuilder().selector("pool=games").build();
    private static final PoolPolicy OTHER = new PolicyBuilder()
            .pool("other")
            .selector("pool=other")
            .serverSelector(LabelSelector.parse("app=other"))
            .build();

    private static final String NODE = "{'apiVersion':'v1','kind':'Node','metadata':{'name':'%s',"
            + "'creationTimestamp':'2026-01-01T00:00:00Z','labels':{'pool':'%s'}},"
            + "'status':{'allocatable':{'cpu':'4'}}}";
    private static final String POD = "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'%s','namespace':'games',"
            + "'labels':{'app':'server'}},'spec':{'nodeName':%s,"
            + "'containers':[{'name':'c','resources':{'requests':{'cpu':'1'}}}]},'status':{'phase':'%s'}}";

    @TempDir
    private Path folder;

    @Test
    void readsAPoolFromLists() throws IOException {
        ClusterState state = read(
                list(NODE.formatted("a", "games"), NODE.formatted("b", "games"), NODE.formatted("c", "other")),
                list(
                        POD.formatted("p1", "'a'", "Running"),
                        POD.formatted("p2", "'a'", "Running"),
                        POD.formatted("p3", "'a'", "Succeeded"),
                        POD.formatted("p4", "null", "Pending"),
                        POD.formatted("p5", "'c'", "Running")));
        assertThat(state.nodes()).extracting(Node::name).containsExactly("a", "b");
        assertThat(state.nodes()).extracting(node -> node.load().servers()).containsExactly(2, 0);
        assertThat(state.nodes().get(0).load().used()).isEqualTo(Resources.of(Map.of("cpu", 2000L, "pods", 2L)));
        assertThat(state.unplaced()).extracting(Pod::name).containsExactly("p4");
    }

    @Test
    void readsSingleObjects() throws IOException {
        ClusterState state = read(NODE.formatted("a", "games"), POD.formatted("p", "'a'", "Running"));
        assertThat(state.nodes())
                .singleElement()
                .extracting(node -> node.load().servers())
                .isEqualTo(1);
    }

    @Test
    void readsTypedListsWhoseItemsHaveNoKind() throws IOException {
        ClusterState state = read(
                "{'kind':'NodeList','items':[" + NODE.formatted("a", "games").replace("'kind':'Node',", "") + "]}",
                "{'kind':'PodList','metadata':{'resourceVersion':'1'}}");
        assertThat(state.nodes()).hasSize(1);
    }

    @Test
    void saysWhichFileAndWhereAndWhatIsWrong() {
        assertThatThrownBy(() -> read(list(POD.formatted("p", "'a'", "Running")), list()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nodes.json")
                .hasMessageContaining("expected a Node and found a Pod p")
                .hasMessageContaining("/items/0")
                .hasMessageContaining("kubectl get nodes -o json");
        assertThatThrownBy(() -> read(list(), "{'items': [\n  {'metadata': {'name': 'p'"))
                .hasMessageContaining("pods.json")
                .hasMessageContaining("it is no JSON: it ends too early")
                .hasMessageContaining("line 2");
        assertThatThrownBy(() -> read("NAME   STATUS   ROLES\n", list()))
                .hasMessageContaining("nodes.json")
                .hasMessageContaining("line 1");
        assertThatThrownBy(() -> read("", list())).hasMessageContaining("expected a JSON object");
        assertThatThrownBy(() -> read(list() + list(), list()))
                .hasMessageContaining("expected the end of the document");
        assertThatThrownBy(() -> read(list(NODE.formatted("a", "x"), NODE.formatted("a", "x")), list()))
                .hasMessageContaining("the Node a is in it twice");
    }

    @Test
    void readsTheOthersBesideWhatCannotBeRead() throws IOException {
        String negative = POD.formatted("bad", "'a'", "Running")
                .replace("'app':'server'", "'app':'web'")
                .replace(
                        "'status':{",
                        "'status':{'containerStatuses':[{'name':'c','resources':{'requests':{'cpu':'-1'}}}],");
        try (CapturedLog log = CapturedLog.of(KubectlFiles.class)) {
            ClusterState state = read(
                    list(
                            NODE.formatted("a", "games"),
                            NODE.formatted("b", "games").replace("'4'", "'-4'"),
                            "7"),
                    list(negative, POD.formatted("p1", "'a'", "Running"), "{'metadata':{}}", "null"));
            assertThat(state.nodes()).extracting(node -> node.load().servers()).containsExactly(2, 0);
            assertThat(state.nodes().get(0).load().unreadable())
                    .contains("games/bad (status.containerStatuses[0].resources.requests.cpu: the quantity '-1' is"
                            + " negative)");
            assertThat(state.nodes().get(1).unreadable())
                    .contains("status.allocatable.cpu: the quantity '-4' is negative");
            assertThat(log.lines()).hasSize(3);
            assertThat(log.lines())
                    .anyMatch(line -> line.contains("nodes.json")
                            && line.contains("expected a Node")
                            && line.contains("/items/2"));
            assertThat(log.lines())
                    .anyMatch(line -> line.contains("pods.json")
                            && line.contains("a Pod without metadata.name")
                            && line.contains("/items/2"));
        }
    }

    @Test
    void saysWhichFileIsMissing() throws IOException {
        Path pods = write("pods.json", list());
        assertThatThrownBy(() -> KubectlFiles.read(folder.resolve("none.json"), pods, POLICY, List.of(POLICY, OTHER)))
                .hasMessageContaining("none.json: there is no such file");
    }

    private ClusterState read(String nodes, String pods) throws IOException {
        return KubectlFiles.read(write("nodes.json", nodes), write("pods.json", pods), POLICY, List.of(POLICY, OTHER));
    }

    private Path write(String name, String json) throws IOException {
        return Files.writeString(folder.resolve(name), JsonText.json(json));
    }

    private static String list(String... items) {
        return "{'apiVersion':'v1','items':[%s],'kind':'List','metadata':{'resourceVersion':''}}"
                .formatted(String.join(",", items));
    }
}
