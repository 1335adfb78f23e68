package io.kubescaler.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code plan} on files, without a cloud or a token. */
class PlanCommandTest {
    private static final Map<String, String> WITHOUT_CLOUD = withoutCloud();

    @TempDir
    Path folder;

    private Path nodes;
    private Path pods;

    @BeforeEach
    void writeFiles() throws IOException {
        nodes = write("nodes.json", list(node("node-1", "scalable"), node("node-2", "scalable"), node("other", "web")));
        // node-1 is full with four servers of half a core
        pods = write(
                "pods.json",
                list(
                        server("s-1", "node-1"),
                        server("s-2", "node-1"),
                        server("s-3", "node-1"),
                        server("s-4", "node-1")));
    }

    @Test
    void plansFromFilesWithEveryNodeARunningInstance() throws IOException {
        Invocation invocation = plan("--output", "json", "--now", "2026-02-03T04:05:06Z");

        assertThat(invocation.status()).isZero();
        assertThat(invocation.err()).isEmpty();
        assertThat(invocation.json().get("pool").asText()).isEqualTo("default");
        assertThat(invocation.json().get("now").asText()).isEqualTo("2026-02-03T04:05:06Z");
        assertThat(invocation.json().get("condition").asText()).isEqualTo("Ok");
        assertThat(invocation.json().get("size").asInt()).isEqualTo(2);
        assertThat(invocation.json().get("free").asInt()).isEqualTo(4);
        assertThat(invocation.json().get("actions")).isEmpty();
        assertThat(invocation.json().get("nodes")).hasSize(2);
        assertThat(invocation.json().at("/nodes/0/servers").asInt()).isEqualTo(4);
    }

    @Test
    void growsForABufferThatIsNotThere() throws IOException {
        Invocation json = plan("--output", "json", "--set", "buffer-slot-size=5");
        Invocation text = plan("--set", "buffer-slot-size=5");

        assertThat(json.json().at("/actions/0/type").asText()).isEqualTo("grow");
        assertThat(json.json().at("/actions/0/from").asInt()).isEqualTo(2);
        assertThat(json.json().at("/actions/0/to").asInt()).isEqualTo(3);
        assertThat(json.json().get("now").asText()).isEqualTo(Invocation.NOW.toString());
        assertThat(text.status()).isZero();
        assertThat(text.out())
                .contains("pool default at 2026-01-01T00:00:00Z: Ok")
                .containsPattern("grow +from 2 to 3 nodes +Short: ")
                .containsPattern("node-1 +active +4 +0 ");
    }

    @Test
    void takesTheCloudsSideFromAFile() throws IOException {
        Path instances = write("pool.json", """
            {"size": 3, "instances": [
              {"id": "i-1", "node": "node-1", "providerId": "x://node-1", "state": "running",
               "createdAt": "2025-12-31T00:00:00Z"},
              {"id": "i-2", "node": "node-2", "providerId": null, "state": "running",
               "createdAt": "2025-12-31T00:00:00Z"},
              {"id": "i-3", "state": "booting", "createdAt": "2025-12-31T23:59:00Z"}]}
            """);

        Invocation invocation =
                plan("--instances", instances.toString(), "--output", "json", "--set", "buffer-slot-size=5");

        assertThat(invocation.json().get("size").asInt()).isEqualTo(3);
        assertThat(invocation.json().get("upcoming").asInt()).isEqualTo(4);
        assertThat(invocation.json().get("actions")).isEmpty();
        assertThat(invocation.json().get("nodes").toString()).contains("\"instance\":\"i-3\"");
    }

    @Test
    void buysForAServerThatIsLargerThanTheRoomThatIsLeft() throws IOException {
        // node-1 has half a core left, which is one slot
        pods = write(
                "pods.json",
                list(server("s-1", "node-1"), server("s-2", "node-1"), server("s-3", "node-1"), waiting(900, "")));
        nodes = write("nodes.json", list(node("node-1", "scalable")));

        Invocation plan = plan("--output", "json", "--set", "buffer-slot-size=0", "--set", "minimum-node-pool-size=1");

        assertThat(plan.json().get("free").asInt()).isEqualTo(1);
        assertThat(plan.json().get("unplaced").asInt()).isEqualTo(1);
        assertThat(plan.json().get("required").asInt()).isEqualTo(2);
        assertThat(plan.json().at("/actions/0/type").asText()).isEqualTo("grow");
        assertThat(plan.json().get("waitingSince").asText()).isEqualTo("2025-12-31T23:00:00Z");
    }

    @Test
    void saysThatTheAffinityOfAServerIsForAnotherPoolUnlessThatIsOneOfOurs() throws IOException {
        String affinity = """
                "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [
                 {"matchExpressions": [{"key": "role", "operator": "In", "values": ["web"]}]}]}}},""";
        pods = write("pods.json", list(waiting(500, affinity)));

        Invocation alone = plan("--output", "json", "--set", "buffer-slot-size=0");
        Invocation both = plan(
                "--output",
                "json",
                "--pool",
                "a",
                "--set",
                "buffer-slot-size=0",
                "--set",
                "node-pools=[{name = a, node-selector = \"role=scalable\"}, {name = b, node-selector = \"role=web\"}]");

        assertThat(alone.json().get("unplaced").asInt()).isZero();
        assertThat(alone.json().get("actions")).isEmpty();
        assertThat(alone.json().get("condition").asText()).isEqualTo("ServersWaiting");
        assertThat(alone.json().get("message").asText())
                .contains("server games/waiting waits for a node for 3600 s: its required node affinity excludes");
        assertThat(both.json().get("condition").asText()).isEqualTo("Ok");
    }

    @Test
    void saysSoWhenTheFileOfInstancesIsNestedTooDeep() throws IOException {
        Path instances =
                write("pool.json", "{\"size\": 3, \"instances\": " + "[".repeat(2000) + "]".repeat(2000) + "}");
        Invocation invocation = plan("--instances", instances.toString());
        assertThat(invocation.status()).isEqualTo(2);
        assertThat(invocation.err())
                .contains("pool.json is not JSON: it is nested too deep, or a name or a number in it is too long");
    }

    @Test
    void saysWhereAFileIsNoJsonInWordsOfItsOwn() throws IOException {
        Path instances = write("pool.json", "{\n  \"size\": 3,\n  \"instances\": oops\n}");
        Path cut = write("cut.json", "{\"size\": 3");

        assertThat(plan("--instances", instances.toString()).err())
                .contains(
                        "pool.json is not JSON: look for a comma, a brace, a bracket or a quote that is missing or too"
                                + " many (line 3, column ")
                .doesNotContain("token", "oops");
        assertThat(plan("--instances", cut.toString()).err())
                .contains(
                        "cut.json is not JSON: it ends too early: a brace, a bracket or a quote is not closed (line 1");
    }

    @Test
    void plansForEveryPoolOrTheOneThatIsNamed() throws IOException {
        String[] two = {
            "--set",
            "node-pools=[{name = a, node-selector = \"role=scalable\"}, {name = b, node-selector = \"role=web\"}]"
        };

        Invocation all = plan(two[0], two[1], "--output", "json");
        Invocation one = plan(two[0], two[1], "--output", "json", "--pool", "b");
        Invocation none = plan(two[0], two[1], "--pool", "c");

        assertThat(all.json().at("/pools/0/pool").asText()).isEqualTo("a");
        assertThat(all.json().at("/pools/1/pool").asText()).isEqualTo("b");
        assertThat(one.json().get("pool").asText()).isEqualTo("b");
        assertThat(none.status()).isEqualTo(2);
        assertThat(none.err()).contains("--pool c: there is no such pool; there are: a, b");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        []                                                   | holds no JSON object
        {                                                    | is not JSON
        {'instances': []}                                    | size is missing; it must be a whole number
        {'size': -1, 'instances': []}                        | size is -1; it must be a whole number of 0 or more
        {'size': 1}                                          | instances is missing; it must be a list
        {'size': 1, 'instances': [1]}                        | instances[0] is 1; it must be an object
        {'size': 1, 'instances': [{}]}                       | instances[0].id is missing; it must be a text
        {'size': 1, 'instances': [{'id': 'a', 'state': 'up', 'createdAt': '2026-01-01T00:00:00Z'}]} | instances[0].state is 'up'; it must be one of booting, running, deleting, failed
        {'size': 1, 'instances': [{'id': 'a', 'state': 'running'}]} | instances[0].createdAt is missing; it must be a time such as
        {'size': 1, 'instances': [{'id': 'a', 'state': 'running', 'createdAt': 'now'}]} | instances[0].createdAt is 'now'; it must be a time
        {'size': 1, 'instances': [{'id': 'a', 'node': 7, 'state': 'running', 'createdAt': '2026-01-01T00:00:00Z'}]} | instances[0].node is 7; it must be a text
        """)
    void saysWhatIsWrongWithTheFileOfInstances(String text, String complaint) throws IOException {
        Path instances = write("pool.json", text.replace('\'', '"'));

        Invocation invocation = plan("--instances", instances.toString());

        assertThat(invocation.status()).isEqualTo(2);
        assertThat(invocation.out()).isEmpty();
        assertThat(invocation.err()).contains(instances.toString()).contains(complaint.replace('\'', '"'));
    }

    @Test
    void refusesTwoInstancesOfOneId() throws IOException {
        String one = "{\"id\": \"a\", \"state\": \"running\", \"createdAt\": \"2026-01-01T00:00:00Z\"}";
        Path instances = write("pool.json", "{\"size\": 2, \"instances\": [%s, %s]}".formatted(one, one));

        assertThat(plan("--instances", instances.toString()).err())
                .contains("instances[1].id is 'a', as another's is; each instance needs its own");
    }

    @Test
    void saysWhichFileIsMissing() {
        nodes = folder.resolve("none.json");

        Invocation invocation = plan();

        assertThat(invocation.status()).isEqualTo(2);
        assertThat(invocation.err())
                .contains("none.json: there is no such file")
                .doesNotContain("\tat ");
    }

    @Test
    void refusesHalfOfTheFiles() {
        Invocation half = Invocation.of(WITHOUT_CLOUD, "plan", "--nodes", nodes.toString());
        Invocation live = Invocation.of(WITHOUT_CLOUD, "plan", "--now", "2026-01-01T00:00:00Z");
        Invocation time = plan("--now", "tomorrow");

        assertThat(half.status()).isEqualTo(2);
        assertThat(half.err()).contains("--nodes and --pods go together");
        assertThat(live.status()).isEqualTo(2);
        assertThat(live.err()).contains("--instances and --now need --nodes and --pods");
        assertThat(time.status()).isEqualTo(2);
        assertThat(time.err()).contains("--now").contains("tomorrow");
    }

    @Test
    void setsNothingAsideByAMistypedLabelAndNamesTheNearestOne() throws IOException {
        Invocation json = plan(
                "--output",
                "json",
                "--set",
                "server-pod-label-value=game-sever",
                "--set",
                "buffer-slot-size=0",
                "--set",
                "minimum-node-pool-size=0");

        assertThat(json.json().get("condition").asText()).isEqualTo("NoServerSeen");
        assertThat(json.json().get("serverPods").asInt()).isZero();
        assertThat(json.json().get("actions")).isEmpty();
        assertThat(json.json().get("message").asText())
                .contains("no pod of the cluster matches the server selector app=game-sever")
                .endsWith("the nearest first: app=game-server (4)");
        assertThat(plan("--set", "server-pod-label-value=game-sever").out())
                .contains("NoServerSeen")
                .contains("server pods in the cluster: 0")
                .contains("app=game-server (4)");
    }

    @Test
    void takesAServerSelectorWithTwoValues() throws IOException {
        pods = write("pods.json", list(pod("s-1", "node-1", "app", "game"), pod("s-2", "node-2", "app", "match")));

        Invocation json = plan(
                List.of("SERVER_POD_LABEL_NAME", "SERVER_POD_LABEL_VALUE"),
                "--output",
                "json",
                "--set",
                "server-pod-selector=app in (game,match)");

        assertThat(json.err()).isEmpty();
        assertThat(json.json().get("condition").asText()).isEqualTo("Ok");
        assertThat(json.json().get("serverPods").asInt()).isEqualTo(2);
        assertThat(json.json().at("/nodes/0/servers").asInt()).isEqualTo(1);
        assertThat(json.json().at("/nodes/1/servers").asInt()).isEqualTo(1);
    }

    @Test
    void keepsANodeWithAProtectedPodAndNamesThePod() throws IOException {
        nodes = write("nodes.json", list(node("node-1", "scalable"), setAside("node-2")));
        pods = write("pods.json", list(server("s-1", "node-1"), pod("lobby", "node-2", "tier", "lobby")));
        String[] loose = {"--output", "json", "--set", "minimum-node-pool-size=0", "--set", "buffer-slot-size=3"};

        Invocation without = plan(loose);
        Invocation with = plan(List.of(), with(loose, "--set", "protected-pod-selectors=app=x,tier!=hub;tier=lobby"));

        assertThat(without.json().at("/actions/0/type").asText()).isEqualTo("delete");
        assertThat(with.json().get("actions")).isEmpty();
        assertThat(with.json().at("/nodes/1/verdict").asText())
                .isEqualTo("protected by pod games/lobby (protected-pod-selectors: tier=lobby)");
    }

    @Test
    void findsPoolsThatOverlapOnTheNodes() throws IOException {
        nodes = write("nodes.json", list(node("node-1", "small"), node("node-2", "small"), node("node-3", "large")));
        pods = write("pods.json", list(server("s-1", "node-1")));

        Invocation both = plan(
                "--output",
                "json",
                "--set",
                "buffer-slot-size=0",
                "--set",
                "minimum-node-pool-size=0",
                "--set",
                "node-pools=[{name = a, node-selector = \"role=small\"}, {name = b, node-selector = \"role in (small,large)\"}]");

        assertThat(both.json().at("/pools/0/condition").asText()).isEqualTo("PoolsOverlap");
        assertThat(both.json().at("/pools/1/condition").asText()).isEqualTo("PoolsOverlap");
        assertThat(both.json().at("/pools/0/message").asText())
                .startsWith("node node-1 is selected by pool a and by pool b");
        assertThat(both.json().at("/pools/1/message").asText())
                .startsWith("node node-1 is selected by pool b and by pool a");
        assertThat(both.json().at("/pools/0/free").asInt()).isEqualTo(7);
        assertThat(both.json().at("/pools/1/free").asInt())
                .as("those of node-3 alone")
                .isEqualTo(4);
        assertThat(both.json().at("/pools/0/actions")).isEmpty();
        assertThat(both.json().at("/pools/1/nodes/0/state").asText()).isEqualTo("shared");
    }

    private static String[] with(String[] some, String... more) {
        return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
    }

    private Invocation plan(List<String> withoutVariables, String... more) {
        Map<String, String> environment = new HashMap<>(WITHOUT_CLOUD);
        environment.keySet().removeAll(withoutVariables);
        return Invocation.of(
                environment, with(new String[] {"plan", "--nodes", nodes.toString(), "--pods", pods.toString()}, more));
    }

    private Invocation plan(String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("plan", "--nodes", nodes.toString(), "--pods", pods.toString()));
        arguments.addAll(List.of(more));
        return Invocation.of(WITHOUT_CLOUD, arguments.toArray(String[]::new));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static Map<String, String> withoutCloud() {
        Map<String, String> environment = new HashMap<>(Invocation.ENOUGH);
        environment.keySet().removeAll(List.of("CLOUD_PROVIDER_TOKEN", "CLUSTER_NAME", "NODE_POOL_NAME"));
        return environment;
    }

    private static String list(String... items) {
        return "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [%s]}".formatted(String.join(",", items));
    }

    private static String node(String name, String role) {
        return """
            {"apiVersion": "v1", "kind": "Node",
             "metadata": {"name": "%s", "uid": "u-%s", "resourceVersion": "1",
              "creationTimestamp": "2025-12-31T00:00:00Z", "labels": {"role": "%s"}},
             "spec": {"providerID": "x://%s"},
             "status": {"allocatable": {"cpu": "2", "memory": "8Gi", "pods": "110"},
              "conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": "2025-12-31T00:01:00Z"}]}}\
            """.formatted(name, name, role, name);
    }

    private static String waiting(int millicores, String affinity) {
        return """
            {"apiVersion": "v1", "kind": "Pod",
             "metadata": {"name": "waiting", "namespace": "games", "uid": "u-waiting", "labels": {"app": "game-server"},
              "creationTimestamp": "2025-12-31T23:00:00Z"},
             "spec": {%s
              "containers": [{"name": "main", "resources": {"requests": {"cpu": "%dm"}}}]},
             "status": {"phase": "Pending"}}\
            """.formatted(affinity, millicores);
    }

    private static String setAside(String name) {
        return node(name, "scalable")
                .replace("\"spec\": {", "\"spec\": {\"unschedulable\": true, ")
                .replace(
                        "\"labels\"",
                        "\"annotations\": {\"kubescaler.io/cordoned-at\": \"2025-12-31T12:00:00Z\","
                                + " \"kubescaler.io/empty-since\": \"2025-12-31T12:00:00Z\"}, \"labels\"");
    }

    private static String pod(String name, String node, String label, String value) {
        return server(name, node).replace("\"app\": \"game-server\"", "\"%s\": \"%s\"".formatted(label, value));
    }

    private static String server(String name, String node) {
        return """
            {"apiVersion": "v1", "kind": "Pod",
             "metadata": {"name": "%s", "namespace": "games", "uid": "u-%s", "labels": {"app": "game-server"}},
             "spec": {"nodeName": "%s",
              "containers": [{"name": "main", "resources": {"requests": {"cpu": "500m"}}}]},
             "status": {"phase": "Running"}}\
            """.formatted(name, name, node);
    }
}
