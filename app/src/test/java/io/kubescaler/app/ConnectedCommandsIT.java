package io.kubescaler.app;

import static io.kubescaler.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.kubescaler.app.cli.Program;
import io.kubescaler.app.cli.Surroundings;
import io.kubescaler.testing.cluster.CloudPool;
import io.kubescaler.testing.cluster.ControlPlane;
import io.kubescaler.testing.cluster.DigitalOceanStandIn;
import io.kubescaler.testing.cluster.KubeletStandIn;
import io.kubescaler.testing.cluster.PoolSpec;
import io.kubescaler.testing.cluster.Servers;
import io.kubescaler.testing.cluster.WithControlPlane;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code check --connect} and {@code plan} with a real control plane and a cloud that answers as DigitalOcean does. */
@WithControlPlane
class ConnectedCommandsIT {
    private static final Map<String, String> SCALABLE = Map.of("role", "scalable");

    private final ControlPlane controlPlane;
    private KubeletStandIn kubelets;
    private DigitalOceanStandIn cloud;
    private CloudPool pool;
    private String namespace = "";

    ConnectedCommandsIT(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
    }

    private record Result(int status, JsonNode document, String err) {
        List<JsonNode> findings(String severity) {
            return StreamSupport.stream(document.get("findings").spliterator(), false)
                    .filter(finding -> finding.get("severity").asText().equals(severity))
                    .toList();
        }

        String found(String what) {
            return StreamSupport.stream(document.get("findings").spliterator(), false)
                    .filter(finding -> finding.get("what").asText().equals(what))
                    .map(finding -> finding.get("message").asText())
                    .findFirst()
                    .orElse("nothing");
        }
    }

    @BeforeEach
    void start() {
        kubelets = KubeletStandIn.of(controlPlane);
        cloud = DigitalOceanStandIn.inFrontOf(
                controlPlane, Map.of("app", "server"), PoolSpec.of("servers", 2, SCALABLE));
        pool = cloud.pool("servers");
        await().until(() -> controlPlane.admin().nodes().withLabels(SCALABLE).list().getItems().stream()
                        .filter(node -> node.getStatus().getConditions().stream()
                                .anyMatch(it -> it.getType().equals("Ready")
                                        && it.getStatus().equals("True")))
                        .count()
                == 2);
    }

    @AfterEach
    void stop() {
        if (!namespace.isEmpty()) {
            controlPlane
                    .admin()
                    .rbac()
                    .clusterRoleBindings()
                    .withName(namespace)
                    .delete();
            controlPlane.admin().rbac().clusterRoles().withName(namespace).delete();
        }
        cloud.close();
        kubelets.close();
    }

    @Test
    void findsEverythingInOrderForAnAdministrator() throws IOException {
        new Servers(controlPlane, Map.of("app", "server"), SCALABLE, "1").create(1);
        Result result = run(environment(), "check", "--connect", "--output", "json");

        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.document().get("ok").asBoolean()).isTrue();
        assertThat(result.findings("error")).isEmpty();
        assertThat(result.findings("ok"))
                .extracting(finding -> finding.get("what").asText() + ": "
                        + finding.get("message").asText())
                .contains("permission to patch nodes: granted", "nodes of the pool servers: 2 match role=scalable")
                .anyMatch(text -> text.startsWith("pool servers: a pass on paper: Ok: ")
                        && text.endsWith("slots on a new node: 4"))
                .anyMatch(text -> text.startsWith("cluster: " + controlPlane.url()) && text.contains("v1.36"));
        assertThat(cloud.exchanges())
                .isNotEmpty()
                .allSatisfy(exchange -> assertThat(exchange.method()).isEqualTo("GET"));
    }

    @Test
    void namesEachPermissionThatIsMissing() throws IOException {
        namespace = controlPlane.newNamespace();
        Path kubeconfig = readerOfNodes();
        Map<String, String> environment = environment();
        environment.put("CLUSTER_KUBE_CONFIG_PATH", kubeconfig.toString());
        environment.put("LEADER_ELECTION_ENABLED", "true");
        environment.put("LEADER_ELECTION_NAMESPACE", namespace);

        Result result = run(environment, "check", "--connect", "--output", "json");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.findings("error"))
                .extracting(finding -> finding.get("what").asText())
                .containsExactlyInAnyOrder(
                        "permission to patch nodes",
                        "permission to list pods",
                        "permission to watch pods",
                        "permission to get leases.coordination.k8s.io/kubescaler in the namespace " + namespace,
                        "permission to create leases.coordination.k8s.io in the namespace " + namespace,
                        "permission to update leases.coordination.k8s.io/kubescaler in the namespace " + namespace);
        assertThat(result.findings("warning"))
                .extracting(finding -> finding.get("what").asText())
                .contains("permission to create events.events.k8s.io in the namespace default");
    }

    @Test
    void namesTheNamespaceOfTheLeaseWhenThereIsNone() throws IOException {
        Map<String, String> environment = environment();
        environment.put("LEADER_ELECTION_ENABLED", "true");
        environment.put("LEADER_ELECTION_NAMESPACE", "nowhere");

        Result result = run(environment, "check", "--connect", "--output", "json");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.findings("error")).singleElement().satisfies(finding -> {
            assertThat(finding.get("what").asText()).isEqualTo("lease");
            assertThat(finding.get("message").asText())
                    .contains("the namespace nowhere does not exist at " + controlPlane.url())
                    .contains("leader-election.namespace");
        });
    }

    @Test
    void saysWhoHoldsTheLeaseAndThatItCreatesNone() throws IOException {
        namespace = controlPlane.newNamespace();
        Map<String, String> environment = environment();
        environment.put("LEADER_ELECTION_ENABLED", "true");
        environment.put("LEADER_ELECTION_NAMESPACE", namespace);

        Result before = run(environment, "check", "--connect", "--output", "json");

        assertThat(before.found("lease")).contains(namespace + "/kubescaler is not there yet and can be created");
        assertThat(controlPlane.kubectl().run("get", "leases", "--namespace=" + namespace, "--output=name"))
                .isEmpty();

        controlPlane
                .admin()
                .resource(new LeaseBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName("kubescaler")
                        .endMetadata()
                        .withNewSpec()
                        .withHolderIdentity("replica-1")
                        .endSpec()
                        .build())
                .create();
        Result after = run(environment, "check", "--connect", "--output", "json");

        assertThat(after.status()).as(after.err()).isZero();
        assertThat(after.found("lease")).endsWith("is held by replica-1");
    }

    @Test
    void findsASlotThatIsLargerThanANodeThoughNoneIsMissing() throws IOException {
        Map<String, String> environment = environment();
        environment.put("SERVER_RESOURCE_REQUESTS", "example.com/gpu=1");
        environment.put("BUFFER_SLOT_SIZE", "0");

        Result result = run(environment, "check", "--connect", "--output", "json");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.findings("error")).singleElement().satisfies(finding -> {
            assertThat(finding.get("what").asText()).isEqualTo("pool servers: a pass on paper");
            assertThat(finding.get("message").asText())
                    .contains("SlotLargerThanNode")
                    .contains("example.com/gpu")
                    .contains("server-resource-requests");
        });
    }

    @Test
    void warnsOfTheConditionThatAPassWouldEndIn() throws IOException {
        new Servers(controlPlane, Map.of("app", "server"), SCALABLE, "1").create(1);
        Map<String, String> environment = environment();
        environment.put("MAXIMUM_NODE_POOL_SIZE", "2");
        environment.put("BUFFER_SLOT_SIZE", "9");

        Result result = run(environment, "check", "--connect", "--output", "json");

        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.found("pool servers: a pass on paper")).startsWith("AtMaximum: ");
        assertThat(pool.resizes()).isEmpty();
    }

    @Test
    void failsWhenTheCloudRefusesTheToken() throws IOException {
        cloud.tokenIsNow("another-token");

        Result result = run(environment(), "check", "--connect", "--output", "json");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.findings("error"))
                .isNotEmpty()
                .allSatisfy(finding -> assertThat(finding.get("what").asText()).startsWith("pool servers: "));
        assertThat(result.document().toString()).doesNotContain(DigitalOceanStandIn.TOKEN);
    }

    @Test
    void plansLiveAndTouchesNothing() throws IOException {
        Result result = run(environment(), "plan", "--output", "json", "--set", "buffer-slot-size=9");

        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.document().get("pool").asText()).isEqualTo("servers");
        assertThat(result.document().get("free").asInt()).isEqualTo(8);
        assertThat(result.document().at("/actions/0/type").asText()).isEqualTo("grow");
        assertThat(result.document().at("/actions/0/to").asInt()).isEqualTo(3);
        assertThat(pool.count()).isEqualTo(2);
        assertThat(pool.resizes()).isEmpty();
    }

    @Test
    void saysThatTheCloudCannotBeReadInThePlan() throws IOException {
        cloud.tokenIsNow("another-token");

        Result result = run(environment(), "plan", "--output", "json");

        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.document().get("condition").asText()).isEqualTo("CloudUnreadable");
        assertThat(result.document().get("actions")).isEmpty();
    }

    private Path readerOfNodes() {
        var client = controlPlane.admin();
        client.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName("reader")
                        .endMetadata()
                        .build())
                .create();
        client.resource(new ClusterRoleBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .withRules(new PolicyRuleBuilder()
                                .withApiGroups("")
                                .withResources("nodes")
                                .withVerbs("get", "list", "watch")
                                .build())
                        .build())
                .create();
        client.resource(new ClusterRoleBindingBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", namespace)
                        .addNewSubject("", "ServiceAccount", "reader", namespace)
                        .build())
                .create();
        return controlPlane.kubeconfigOfServiceAccount(namespace, "reader");
    }

    private Map<String, String> environment() {
        return new HashMap<>(ScalerProcess.environment(controlPlane, cloud, pool, "role=scalable"));
    }

    private static Result run(Map<String, String> environment, String... arguments) throws IOException {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Program.run(
                new Surroundings(environment, new PrintWriter(out), new PrintWriter(err), Clock.systemUTC()),
                arguments);
        return new Result(status, new ObjectMapper().readTree(out.toString()), err.toString());
    }
}
