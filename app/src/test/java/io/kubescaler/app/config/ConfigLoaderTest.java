package io.kubescaler.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.app.config.Settings.LogSettings.Format;
import io.kubescaler.app.config.Settings.PoolSettings;
import io.kubescaler.kubernetes.lease.LeaseTiming;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.Resources;
import io.kubescaler.provider.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a configuration without problems reads as. */
class ConfigLoaderTest extends ConfigLoaderFixture {
    @Test
    void readsTheSeedsVariablesWithTheirDefaults() throws Exception {
        Settings settings = load(ENOUGH).settings();

        PoolSettings pool = settings.pools().get(0);
        PoolPolicy policy = pool.policy();
        assertThat(settings.pools()).hasSize(1);
        assertThat(pool.provider()).isEqualTo("fake");
        assertThat(policy.pool()).isEqualTo("games");
        assertThat(policy.selector()).hasToString("role=scalable");
        assertThat(policy.serverSelector()).isEqualTo(LabelSelector.parse("app=game-server"));
        assertThat(policy.slotSize()).isEqualTo(Resources.of(Map.of(Resources.CPU, 500L, Resources.PODS, 1L)));
        assertThat(policy.buffer()).isEqualTo(4);
        assertThat(policy.minimum()).isEqualTo(2);
        assertThat(policy.maximum()).isEqualTo(3);
        assertThat(policy.emptyNodeExpiration()).isEqualTo(Duration.ofSeconds(120));
        assertThat(policy.provisioningTimeout()).isEqualTo(Duration.ofMinutes(15));
        assertThat(policy.cordonDelay()).isEqualTo(Duration.ofSeconds(60));
        assertThat(policy.startupTaints()).isEmpty();
        assertThat(policy.nodeAllocatable()).isEmpty();
        assertThat(settings.tick()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.dryRun()).isFalse();
    }

    @Test
    void readsWhichPodsAreServersAndWhichAreProtected() throws Exception {
        Map<String, String> environment = without(
                "SERVER_POD_LABEL_VALUE",
                without(
                        "SERVER_POD_LABEL_NAME",
                        with(
                                "PROTECTED_POD_SELECTORS",
                                "app in (a,b), tier!=hub ; agones.dev/role=gameserver",
                                "SERVER_POD_SELECTOR",
                                "app in (game,match),tier!=lobby")));
        Path file = file("""
            kubescaler.protected-pod-selectors = [ "app in (a,b), tier!=hub", "agones.dev/role=gameserver" ]
            """);

        PoolPolicy policy = pool(environment).policy();

        assertThat(policy.serverSelector()).isEqualTo(LabelSelector.parse("app in (game,match),tier!=lobby"));
        assertThat(policy.protectedPods())
                .containsExactly(
                        LabelSelector.parse("app in (a,b), tier!=hub"),
                        LabelSelector.parse("agones.dev/role=gameserver"));
        assertThat(load(file, ENOUGH).settings().pools().get(0).policy().protectedPods())
                .isEqualTo(policy.protectedPods());
        assertThat(pool(ENOUGH).policy().protectedPods()).isEmpty();
    }

    @Test
    void letsAPoolSelectItsServersWhereTheOthersGoByTheLabel() throws Exception {
        String pools =
                "node-pools=[{name = a, node-selector = \"role=a\"}, {name = b, node-selector = \"role=b\", %s}]";

        Settings selects = load(
                        without("NODE_POOL_NAME", ENOUGH), pools.formatted("server-pod-selector = \"kind in (x,y)\""))
                .settings();
        Settings labels = load(
                        without(
                                "NODE_POOL_NAME",
                                without("SERVER_POD_LABEL_NAME", without("SERVER_POD_LABEL_VALUE", ENOUGH))),
                        "server-pod-selector=kind in (x,y)",
                        pools.formatted("server-pod-label-name = app, server-pod-label-value = game-server"))
                .settings();

        assertThat(selects.pools())
                .extracting(pool -> pool.policy().serverSelector().toString())
                .containsExactly("app=game-server", "kind in (x,y)");
        assertThat(labels.pools())
                .extracting(pool -> pool.policy().serverSelector().toString())
                .containsExactly("kind in (x,y)", "app=game-server");
    }

    @Test
    void readsTheScalersOwnDefaults() throws Exception {
        Settings settings = load(ENOUGH).settings();

        assertThat(settings.kubernetes().masterUrl()).isEmpty();
        assertThat(settings.kubernetes().kubeConfigPath()).isEmpty();
        assertThat(settings.kubernetes().context()).isEmpty();
        assertThat(settings.leaderElection().lease()).isEmpty();
        assertThat(settings.leaderElection().timing())
                .isEqualTo(new LeaseTiming(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(5)));
        assertThat(settings.http().enabled()).isTrue();
        assertThat(settings.http().host()).isEqualTo("127.0.0.1");
        assertThat(settings.http().port()).isEqualTo(8080);
        assertThat(settings.log().format()).isEqualTo(Format.PLAIN);
        assertThat(settings.log().level()).isEqualTo("info");
    }

    @Test
    void listensEverywhereAndLogsJsonWhenInACluster() throws Exception {
        Settings settings = load(with("KUBERNETES_SERVICE_HOST", "10.0.0.1", "POD_NAMESPACE", "scaler"))
                .settings();

        assertThat(settings.http().host()).isEqualTo("0.0.0.0");
        assertThat(settings.log().format()).isEqualTo(Format.JSON);
    }

    @Test
    void handsTheProviderItsContext() throws Exception {
        var context = pool(with("CLUSTER_NAME", "arena", "PROVIDERS_FAKE_REGION", "earth"))
                .context();

        assertThat(context.clusterName()).contains("arena");
        assertThat(context.poolName()).isEqualTo("games");
        assertThat(context.token()).contains(new Secret(TOKEN));
        assertThat(context.userAgent()).isEqualTo("kubescaler/test");
        assertThat(context.settings())
                .containsExactlyInAnyOrderEntriesOf(Map.of("api-url", "https://fake.example", "region", "earth"));
    }

    @Test
    void letsTheLaterSourceWinAndTellsWhichItWas() throws Exception {
        Path file = file("kubescaler { buffer-slot-size = 5, minimum-node-pool-size = 1, maximum-node-pool-size = 7 }");

        Configuration configuration = loader.load(
                new Sources(
                        Optional.of(file),
                        with("BUFFER_SLOT_SIZE", "6", "MINIMUM_NODE_POOL_SIZE", "2"),
                        List.of("buffer-slot-size=7", "kubescaler.buffer-slot-size=8")),
                Purpose.SCALE);

        PoolPolicy policy = configuration.settings().pools().get(0).policy();
        assertThat(policy.buffer()).isEqualTo(8);
        assertThat(policy.minimum()).isEqualTo(2);
        assertThat(policy.maximum()).isEqualTo(7);
        assertThat(configuration.values())
                .contains(
                        new EffectiveValue("buffer-slot-size", "8", "--set"),
                        new EffectiveValue("minimum-node-pool-size", "2", "variable MINIMUM_NODE_POOL_SIZE"),
                        new EffectiveValue("maximum-node-pool-size", "7", file + ":1"),
                        new EffectiveValue("scale-loop-tick-sec", "10", "default"),
                        new EffectiveValue("http.host", "127.0.0.1", "default outside a cluster"),
                        new EffectiveValue("cloud-provider-token", "***", "variable CLOUD_PROVIDER_TOKEN"),
                        new EffectiveValue("providers.fake.api-url", "https://fake.example", "default"));
    }

    @Test
    void findsTheFileByTheVariableWhenNoOptionNamesIt() throws Exception {
        Path file = file("kubescaler.buffer-slot-size = 9");

        assertThat(pool(with("KUBESCALER_CONFIG", file)).policy().buffer()).isEqualTo(9);
    }

    @Test
    void countsAVariableSetToNothingAsNotSet() throws Exception {
        assertThat(pool(with("BUFFER_SLOT_SIZE", "", "CLUSTER_KUBE_CONFIG_PATH", " "))
                        .policy()
                        .buffer())
                .isEqualTo(4);
    }

    @Test
    void readsTheTokenFromAFileAndStripsIt() throws Exception {
        Path secret = Files.writeString(folder.resolve("token"), TOKEN + "\n");

        Configuration configuration = load(without("CLOUD_PROVIDER_TOKEN", with("CLOUD_PROVIDER_TOKEN_FILE", secret)));

        assertThat(configuration.settings().pools().get(0).context().token()).contains(new Secret(TOKEN));
        assertThat(configuration.values())
                .contains(new EffectiveValue("cloud-provider-token", "***", "variable CLOUD_PROVIDER_TOKEN_FILE"));
    }

    @Test
    void readsTheTokenOfAFileAnewForAllPoolsThatUseIt() throws Exception {
        Path secret = Files.writeString(folder.resolve("token"), TOKEN);
        long[] now = {0};
        Path file = file("kubescaler.node-pools = [{name = one, node-selector = \"a=1\"},"
                + " {name = two, node-selector = \"a=2\"}]");
        List<PoolSettings> pools = new ConfigLoader(
                        List.of(new FakeProviderFactory()), "kubescaler/test", Clock.systemUTC(), () -> now[0])
                .load(
                        new Sources(
                                Optional.of(file),
                                without(
                                        "NODE_POOL_NAME",
                                        without("CLOUD_PROVIDER_TOKEN", with("CLOUD_PROVIDER_TOKEN_FILE", secret))),
                                List.of()),
                        Purpose.SCALE)
                .settings()
                .pools();
        Secret first = pools.get(0).context().token().orElseThrow();
        Secret second = pools.get(1).context().token().orElseThrow();
        Files.writeString(secret, "another-token");
        now[0] = Duration.ofMinutes(1).toNanos();

        assertThat(first.reveal()).isEqualTo("another-token");
        assertThat(first.texts()).containsExactly("another-token", TOKEN);
        assertThat(second).isSameAs(first);
    }

    @Test
    void resolvesSubstitutionsFromTheEnvironmentItWasGiven() throws Exception {
        Path file = file("kubescaler.cloud-provider-token = ${MY_TOKEN}\nkubescaler.cluster-name = ${?MY_CLUSTER}");

        Configuration configuration = load(file, without("CLOUD_PROVIDER_TOKEN", with("MY_TOKEN", TOKEN)));

        assertThat(configuration.settings().pools().get(0).context().token()).contains(new Secret(TOKEN));
        assertThat(configuration.settings().pools().get(0).context().clusterName())
                .isEmpty();
        assertThat(configuration.values())
                .contains(new EffectiveValue("cloud-provider-token", "***", "variable MY_TOKEN"));
    }

    @Test
    void readsQuantities() throws Exception {
        PoolPolicy policy = pool(with(
                        "SERVER_CPU_RESOURCE_REQUEST", "1500m",
                        "SERVER_MEMORY_RESOURCE_REQUEST", "2Gi",
                        "SERVER_RESOURCE_REQUESTS", "example.com/gpu=1, ephemeral-storage=10Gi",
                        "NODE_CPU_ALLOCATABLE", "3900"))
                .policy();

        assertThat(policy.slotSize())
                .isEqualTo(Resources.of(Map.of(
                        "cpu", 1500L,
                        "memory", 2L << 30,
                        "example.com/gpu", 1L,
                        "ephemeral-storage", 10L << 30,
                        "pods", 1L)));
        assertThat(policy.nodeAllocatable()).contains(Resources.cpu(3900));
    }

    @Test
    void readsResourcesFromAnObjectToo() throws Exception {
        Path file = file("kubescaler.server-resource-requests { \"example.com/gpu\" = 2 }");

        assertThat(load(file, ENOUGH)
                        .settings()
                        .pools()
                        .get(0)
                        .policy()
                        .slotSize()
                        .get("example.com/gpu"))
                .isEqualTo(2);
        assertThat(pool(ENOUGH, "server-resource-requests.\"example.com/gpu\"=3")
                        .policy()
                        .slotSize()
                        .get("example.com/gpu"))
                .isEqualTo(3);
    }

    @Test
    void readsStartupTaintsFromAListOrAText() throws Exception {
        Path file = file("kubescaler.startup-taints = [ example.com/agent-not-ready, \"other\" ]");

        assertThat(load(file, ENOUGH).settings().pools().get(0).policy().startupTaints())
                .containsExactlyInAnyOrder("example.com/agent-not-ready", "other");
        assertThat(pool(with("STARTUP_TAINTS", "one, two")).policy().startupTaints())
                .containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void takesValuesOfSetAsTheyStand() throws Exception {
        assertThat(pool(ENOUGH, "node-selector=role in (a,b),zone!=c", "provisioning-timeout=90s")
                        .policy())
                .satisfies(policy -> {
                    assertThat(policy.selector()).hasToString("role in (a,b),zone!=c");
                    assertThat(policy.provisioningTimeout()).isEqualTo(Duration.ofSeconds(90));
                });
    }

    @Test
    void needsNothingOfTheCloudWhenPlanningFromFiles() throws Exception {
        Map<String, String> few = new HashMap<>(ENOUGH);
        few.keySet().removeAll(List.of("CLOUD_PROVIDER", "CLOUD_PROVIDER_TOKEN", "NODE_POOL_NAME"));

        Configuration configuration = loader.load(new Sources(Optional.empty(), few, List.of()), Purpose.PLAN);

        assertThat(configuration.settings().pools().get(0).policy().pool()).isEqualTo("default");
    }

    @Test
    void readsSeveralPoolsThatOverrideTheFlatKeys() throws Exception {
        Path file = file("""
                kubescaler {
                  buffer-slot-size = 6
                  node-pools = [
                    { name = small, node-selector = "role=small" }
                    { name = large, node-selector = "role=large", node-pool-name = pool-large, buffer-slot-size = 2,
                      server-cpu-resource-request = 2000m, cloud-provider-token = other-token }
                  ]
                }
                """);

        Configuration configuration = load(file, without("NODE_POOL_NAME", ENOUGH));

        List<PoolSettings> pools = configuration.settings().pools();
        assertThat(pools).extracting(it -> it.policy().pool()).containsExactly("small", "large");
        assertThat(pools).extracting(it -> it.context().poolName()).containsExactly("small", "pool-large");
        assertThat(pools).extracting(it -> it.policy().buffer()).containsExactly(6, 2);
        assertThat(pools)
                .extracting(it -> it.policy().slotSize().get(Resources.CPU))
                .containsExactly(500L, 2000L);
        assertThat(pools)
                .extracting(it -> it.context().token().orElseThrow().reveal())
                .containsExactly(TOKEN, "other-token");
        assertThat(configuration.values())
                .contains(
                        new EffectiveValue("buffer-slot-size", "6", file + ":2"),
                        new EffectiveValue("node-pools[1].buffer-slot-size", "2", file + ":5"),
                        new EffectiveValue("node-pools[1].cloud-provider-token", "***", file + ":6"));
    }
}
