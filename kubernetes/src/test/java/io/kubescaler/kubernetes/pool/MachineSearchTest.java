package io.kubescaler.kubernetes.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubescaler.control.ClusterException;
import io.kubescaler.kubernetes.client.ApiServer;
import io.kubescaler.kubernetes.client.HttpThreads;
import io.kubescaler.model.Instance;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.MachineIdentity;
import io.kubescaler.model.Node;
import io.kubescaler.model.PodSelectors;
import io.kubescaler.testing.cluster.FakeApiServer;
import io.kubescaler.testing.cluster.FakeApiServer.Fault;
import io.kubescaler.testing.cluster.FakeApiServer.Received;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fake server knows no selectors: it answers every list with all nodes, so what is found is looked at again. */
class MachineSearchTest {
    private static final String NODES = "/api/v1/nodes";
    private static final String LABEL = "cloud.example/id";
    private static final LabelSelector SELECTOR = LabelSelector.parse("pool=games");

    private final FakeApiServer server = FakeApiServer.start();
    private final KubernetesClient client = server.client(new HttpThreads());
    private final NodeRequests requests = new NodeRequests(
            ApiServer.of(client, InstantSource.system()),
            PodSelectors.ofServers(LabelSelector.parse("app=server")),
            System::nanoTime);

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void readsTheNodeOfThatNameAndNoOther() throws ClusterException {
        server.plan(request -> request.path().equals(NODES + "/n-1"), new Fault.Body(node("n-1", "other", "other")));

        assertThat(find(instance("i-1", "n-1", "cloud://1"))).contains("n-1");
        assertThat(server.received()).extracting(Received::path).containsExactly(NODES + "/n-1");
    }

    @Test
    void asksForTheLabelWhenThereIsNoNodeOfThatName() throws ClusterException {
        refuseName();
        server.put(NODES, "n-1", node("n-1", "i-0", "cloud://0"));
        server.put(NODES, "n-2", node("n-2", "i-1", "other"));

        assertThat(find(instance("i-1", "n-9", "cloud://1"))).contains("n-2");
        assertThat(lists()).containsExactly(Optional.of(LABEL + "=i-1"));
    }

    @Test
    void takesANodeWhoseIdentityCannotBeReadForTheMachine() throws ClusterException {
        refuseName();
        server.put(
                NODES,
                "n-1",
                node("n-1", "i-0", "cloud://0").replace("\"i-0\"", "[]").replace("\"cloud://0\"", "{}"));
        server.put(NODES, "n-2", node("n-2", "i-2", "cloud://2").replace("\"cloud://2\"", "{}"));

        assertThat(find(instance("i-1", "n-9", "cloud://1"))).contains("n-1");
    }

    @ParameterizedTest(name = "name {0}, label {1}, provider ID {2}")
    @CsvSource({"n-1, other, other", "other, i-1, other", "other, other, cloud://1"})
    void looksAtEveryNodeForAllThreeWhenTheNarrowQuestionsFindNothing(String name, String label, String providerId)
            throws ClusterException {
        refuseName();
        // as a server would that is behind, or a node that came in between
        server.plan(request -> request.query().containsKey("labelSelector"), new Fault.Body(emptyList()));
        server.put(NODES, "n-0", node("n-0", "i-0", "cloud://0"));
        server.put(NODES, name, node(name, label, providerId));

        assertThat(find(instance("i-1", "n-1", "cloud://1"))).contains(name);
        assertThat(lists()).containsExactly(Optional.of(LABEL + "=i-1"), Optional.empty());
    }

    @Test
    void saysThereIsNoneOnlyAfterEveryNodeWasLookedAt() throws ClusterException {
        refuseName();
        for (int number = 0; number < 501; number++) {
            server.put(NODES, "other-" + number, node("other-" + number, "other", "other"));
        }

        assertThat(find(instance("i-1", "n-1", "cloud://1"))).isEmpty();
        assertThat(lists().subList(lists().size() - 2, lists().size()))
                .as("both pages of all nodes")
                .containsExactly(Optional.empty(), Optional.empty());
    }

    @Test
    void neverTakesAFailureForAnAbsence() {
        refuseName();
        server.plan(
                request -> request.isList(NODES),
                new Fault.Refusal(500, "InternalError", Optional.empty(), "etcd is away"));

        assertThatThrownBy(() -> find(instance("i-1", "n-1", "cloud://1"))).isInstanceOf(ClusterException.class);
    }

    @Test
    void takesANodeOfThePoolThatNothingTellsFromItForTheMachine() throws ClusterException {
        Instance machine = new Instance(
                "i-1", Optional.of("cloud://1"), Optional.empty(), Instance.State.RUNNING, "", Instant.EPOCH);
        refuseName();
        assertThat(find(machine)).isEmpty();
        server.put(NODES, "n-3", anonymous("n-3", "games"));
        assertThat(find(machine)).contains("n-3");
        assertThat(find(instance("i-1", "n-9", "cloud://1"))).as("another name").isEmpty();
    }

    @Test
    void takesANodeWithoutTheLabelsOfThePoolForTheMachineToo() throws ClusterException {
        server.put(NODES, "n-2", anonymous("n-2", "other"));
        Instance machine = new Instance(
                "i-1", Optional.of("cloud://1"), Optional.empty(), Instance.State.RUNNING, "", Instant.EPOCH);
        assertThat(find(machine)).contains("n-2");
        Instance nameless =
                new Instance("i-1", Optional.empty(), Optional.empty(), Instance.State.RUNNING, "", Instant.EPOCH);
        assertThat(find(nameless)).isEmpty();
    }

    private static String anonymous(String name, String pool) {
        return """
                {"kind":"Node","metadata":{"name":"%s","uid":"u-%s","resourceVersion":"VERSION",
                "creationTimestamp":"2026-01-01T00:00:00Z","labels":{"pool":"%s"}},
                "spec":{},"status":{}}""".formatted(name, name, pool);
    }

    @Test
    void doesNotSelectByWhatCannotBeALabel() throws ClusterException {
        server.put(NODES, "n-1", node("n-1", "other", "cloud://1"));

        assertThat(find(new Instance(
                        "zone/i-1,x",
                        Optional.of("cloud://1"),
                        Optional.empty(),
                        Instance.State.RUNNING,
                        "",
                        Instant.EPOCH)))
                .contains("n-1");
        assertThat(lists()).containsExactly(Optional.empty());
    }

    private Optional<String> find(Instance instance) throws ClusterException {
        return new MachineSearch(
                        requests, new MachineIdentity(instance, Optional.of(LABEL), List.of(instance)), SELECTOR)
                .find(requests.deadline())
                .map(Node::name);
    }

    private List<Optional<String>> lists() {
        return server.received(request -> request.isList(NODES)).stream()
                .map(request -> Optional.ofNullable(request.query().get("labelSelector")))
                .toList();
    }

    private void refuseName() {
        server.plan(
                request -> request.path().startsWith(NODES + "/"),
                new Fault.Refusal(404, "NotFound", Optional.empty(), "no such node"));
    }

    private static Instance instance(String id, String name, String providerId) {
        return new Instance(id, Optional.of(providerId), Optional.of(name), Instance.State.RUNNING, "", Instant.EPOCH);
    }

    private static String node(String name, String label, String providerId) {
        return """
                {"kind":"Node","metadata":{"name":"%s","uid":"u-%s","resourceVersion":"VERSION",
                "creationTimestamp":"2026-01-01T00:00:00Z","labels":{"%s":"%s"}},
                "spec":{"providerID":"%s"},"status":{}}""".formatted(name, name, LABEL, label, providerId);
    }

    private static String emptyList() {
        return "{\"kind\":\"NodeList\",\"metadata\":{},\"items\":[]}";
    }
}
