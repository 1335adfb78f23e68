package io.kubescaler.app;

import static io.kubescaler.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.kubescaler.app.cli.Program;
import io.kubescaler.app.cli.Surroundings;
import io.kubescaler.testing.cluster.CloudPool;
import io.kubescaler.testing.cluster.ControlPlane;
import io.kubescaler.testing.cluster.DigitalOceanStandIn;
import io.kubescaler.testing.cluster.KubeletStandIn;
import io.kubescaler.testing.cluster.PoolSpec;
import io.kubescaler.testing.cluster.WithControlPlane;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code plan} on what the real kubectl writes about a real cluster. */
@WithControlPlane
class PlanFromKubectlFilesIT {
    private static final Map<String, String> SERVER = Map.of("app", "server");

    @TempDir
    private Path folder;

    private final ControlPlane controlPlane;
    private KubeletStandIn kubelets;
    private DigitalOceanStandIn cloud;
    private String namespace;

    PlanFromKubectlFilesIT(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
    }

    @BeforeEach
    void start() {
        kubelets = KubeletStandIn.of(controlPlane);
        cloud = DigitalOceanStandIn.inFrontOf(
                controlPlane,
                SERVER,
                PoolSpec.of("system", 1, Map.of()),
                PoolSpec.of("servers", 3, Map.of("role", "scalable")));
        namespace = controlPlane.newNamespace();
    }

    @AfterEach
    void stop() {
        cloud.close();
        kubelets.close();
    }

    /** 1 + 4 slots are free; 4 spare ones and 3 for servers that wait are required: 2 are missing, and a node has 4. */
    @Test
    void plansWhatTheFilesAskFor() throws Exception {
        CloudPool pool = cloud.pool("servers");
        String partly = pool.nodeNames().get(0);
        String empty = pool.nodeNames().get(1);
        String held = pool.nodeNames().get(2);
        // 2 servers, and an agent that needs 500m to start and 250m afterwards: 1.5 of 4 CPU are left
        create(server("first", partly), server("second", partly), agentOn(partly), server("third", held));
        // nobody schedules these
        create(server("waiting-1", ""), server("waiting-2", ""), server("waiting-3", ""));
        controlPlane.kubectl().run("cordon", held);
        awaitRunning(4);
        endServerOn(partly);

        JsonNode plan = plan();

        assertThat(plan.path("condition").asText()).isEqualTo("Ok");
        assertThat(plan.path("size").asInt()).isEqualTo(3);
        assertThat(plan.path("free").asInt()).isEqualTo(5);
        assertThat(plan.path("unplaced").asInt()).isEqualTo(3);
        assertThat(plan.path("required").asInt()).isEqualTo(7);
        assertThat(plan.path("slotsPerNewNode").asInt()).isEqualTo(4);
        assertThat(plan.path("actions")).singleElement().satisfies(action -> {
            assertThat(action.path("type").asText()).isEqualTo("grow");
            assertThat(action.path("from").asInt()).isEqualTo(3);
            assertThat(action.path("to").asInt()).isEqualTo(4);
        });
        assertNode(plan, partly, "active", 2, 1);
        assertNode(plan, empty, "active", 0, 4);
        assertNode(plan, held, "held", 1, 0);
    }

    private JsonNode plan() throws Exception {
        Path nodes = write("nodes.json", "get", "nodes", "-o", "json");
        Path pods = write("pods.json", "get", "pods", "-A", "-o", "json");
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Map<String, String> environment = Map.of(
                "NODE_POOL_NAME", "servers",
                "NODE_SELECTOR", "role=scalable",
                "MAXIMUM_NODE_POOL_SIZE", "12",
                "SERVER_POD_LABEL_NAME", "app",
                "SERVER_POD_LABEL_VALUE", "server",
                "SERVER_CPU_RESOURCE_REQUEST", "1000");
        Surroundings surroundings =
                new Surroundings(environment, new PrintWriter(out), new PrintWriter(err), Clock.systemUTC());
        int status = Program.run(
                surroundings,
                "plan",
                "--nodes",
                nodes.toString(),
                "--pods",
                pods.toString(),
                "--now",
                Instant.now().toString(),
                "--output",
                "json");
        assertThat(status).as(err.toString()).isZero();
        return new ObjectMapper().readTree(out.toString());
    }

    private Path write(String file, String... command) throws Exception {
        return Files.writeString(folder.resolve(file), controlPlane.kubectl().run(command));
    }

    private static void assertNode(JsonNode plan, String name, String state, int servers, int slots) {
        assertThat(plan.path("nodes"))
                .filteredOn(node -> node.path("name").asText().equals(name))
                .singleElement()
                .satisfies(node -> {
                    assertThat(node.path("state").asText()).isEqualTo(state);
                    assertThat(node.path("servers").asInt()).isEqualTo(servers);
                    assertThat(node.path("slots").asInt()).isEqualTo(slots);
                });
    }

    private void create(Pod... pods) {
        List.of(pods)
                .forEach(pod -> controlPlane
                        .admin()
                        .pods()
                        .inNamespace(namespace)
                        .resource(pod)
                        .create());
    }

    /** A server that has ended and is still there: it takes nothing and is none any more. */
    private void endServerOn(String node) {
        create(server("ended", node));
        awaitRunning(5);
        controlPlane
                .kubectl()
                .run(
                        "patch",
                        "pod",
                        "ended",
                        "--namespace",
                        namespace,
                        "--subresource=status",
                        "--patch",
                        "{\"status\":{\"phase\":\"Succeeded\"}}");
    }

    private void awaitRunning(int count) {
        await().until(() -> controlPlane.admin().pods().inNamespace(namespace).list().getItems().stream()
                        .filter(pod -> "Running".equals(pod.getStatus().getPhase()))
                        .count()
                == count);
    }

    private static Pod server(String name, String node) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(SERVER)
                .endMetadata()
                .withNewSpec()
                .withNodeName(node.isEmpty() ? null : node)
                .withSchedulerName("nobody")
                .withNodeSelector(Map.of("role", "scalable"))
                .addNewContainer()
                .withName("server")
                .withImage("example.org/server")
                .withNewResources()
                .addToRequests("cpu", new Quantity("1"))
                .endResources()
                .endContainer()
                .endSpec()
                .build();
    }

    private static Pod agentOn(String node) {
        return new PodBuilder()
                .withNewMetadata()
                .withName("agent")
                .endMetadata()
                .withNewSpec()
                .withNodeName(node)
                .addNewInitContainer()
                .withName("prepare")
                .withImage("example.org/prepare")
                .withNewResources()
                .addToRequests("cpu", new Quantity("500m"))
                .endResources()
                .endInitContainer()
                .addNewContainer()
                .withName("agent")
                .withImage("example.org/agent")
                .withNewResources()
                .addToRequests("cpu", new Quantity("250m"))
                .endResources()
                .endContainer()
                .endSpec()
                .build();
    }
}
