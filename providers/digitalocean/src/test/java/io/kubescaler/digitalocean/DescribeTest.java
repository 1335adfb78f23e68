package io.kubescaler.digitalocean;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.kubescaler.model.Instance;
import io.kubescaler.model.Instance.State;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.Resources;
import io.kubescaler.model.Taint;
import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.ProviderException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DescribeTest {
    private final CloudStub cloud = new CloudStub();

    @AfterEach
    void close() {
        cloud.close();
    }

    @Test
    void reportsSizeAndMachinesAsTheCloudTellsThem() throws ProviderException {
        PoolDescription pool = cloud.provider().describe();

        assertThat(pool.size()).isEqualTo(3);
        assertThat(pool.instanceIdLabel()).contains("doks.digitalocean.com/node-id");
        assertThat(pool.instances())
                .containsExactly(
                        new Instance(
                                CloudStub.NODE,
                                Optional.of("digitalocean://205545370"),
                                Optional.of("servers-3niq"),
                                State.RUNNING,
                                "",
                                Instant.parse("2026-01-01T00:00:00Z")),
                        new Instance(
                                CloudStub.SECOND_NODE,
                                Optional.of("digitalocean://205545371"),
                                Optional.of("servers-3nim"),
                                State.RUNNING,
                                "",
                                Instant.parse("2026-01-01T00:00:00.5Z")),
                        new Instance(
                                CloudStub.THIRD_NODE,
                                Optional.empty(),
                                Optional.empty(),
                                State.BOOTING,
                                "",
                                Instant.parse("2026-01-01T00:00:00Z")));
    }

    @Test
    void sendsTokenAndUserAgentWithEveryRequest() throws ProviderException {
        cloud.provider().describe();

        assertThat(cloud.server().getAllServeEvents())
                .hasSizeGreaterThanOrEqualTo(5)
                .allSatisfy(event -> {
                    assertThat(event.getRequest().getHeader("Authorization")).isEqualTo("Bearer " + CloudStub.TOKEN);
                    assertThat(event.getRequest().getHeader("User-Agent")).isEqualTo("kubescaler/0.1.0-test");
                    assertThat(event.getRequest().getUrl()).doesNotContain(CloudStub.TOKEN);
                });
    }

    @Test
    void findsTheClusterOnALaterPage() throws ProviderException {
        cloud.answerInTwoPages();

        assertThat(cloud.provider().describe().size()).isEqualTo(3);
        assertThat(cloud.requests())
                .startsWith(
                        "GET /v2/kubernetes/clusters?per_page=200", "GET /v2/kubernetes/clusters?page=2&per_page=200");
    }

    @Test
    void findsTheClusterByItsUuid() throws ProviderException {
        NodePoolProvider provider = cloud.provider(cloud.context(CloudStub.CLUSTER.toUpperCase(Locale.ROOT), Map.of()));

        assertThat(provider.describe().size()).isEqualTo(3);
    }

    @Test
    void refusesAnAmbiguousClusterName() {
        cloud.answer("GET", CloudStub.CLUSTERS_PATH, cloud.json(200, "clusters-same-name"));

        assertThatThrownBy(() -> cloud.provider().describe())
                .isInstanceOf(ProviderException.InvalidRequest.class)
                .hasMessageContaining("2 clusters are named 'production'")
                .hasMessageContaining(CloudStub.CLUSTER);
    }

    @Test
    void namesTheClustersThatThereAreWhenItsOwnIsMissing() {
        assertThatThrownBy(() ->
                        cloud.provider(cloud.context("prodution", Map.of())).describe())
                .isInstanceOf(ProviderException.NotFound.class)
                .hasMessageContaining("'prodution'")
                .hasMessageContaining("'production', 'staging'")
                .hasMessageContaining("cluster-name");
    }

    @Test
    void namesThePoolsThatThereAreWhenItsOwnIsMissing() {
        cloud.answer("GET", CloudStub.POOLS_PATH, cloud.json(200, "pools-other"));

        assertThatThrownBy(() -> cloud.provider().describe())
                .isInstanceOf(ProviderException.NotFound.class)
                .hasMessageContaining("no node pool 'servers' in cluster 'production'")
                .hasMessageContaining("'system'")
                .hasMessageContaining("node-pool-name");
    }

    @Test
    void sendsNothingToAnotherHostThatIsNamedAsTheNextPage() {
        WireMockServer foreign =
                new WireMockServer(options().bindAddress("127.0.0.1").dynamicPort());
        foreign.start();
        try {
            String body =
                    CloudStub.body("clusters-foreign-next").replace("https://evil.example.com", foreign.baseUrl());
            cloud.answer("GET", CloudStub.CLUSTERS_PATH, aResponse().withBody(body));

            assertThatThrownBy(() -> cloud.provider().describe())
                    .isInstanceOf(ProviderException.InvalidRequest.class)
                    .hasMessageContaining(String.valueOf(foreign.port()))
                    .hasMessageContaining("the token is not sent there");
            assertThat(foreign.getAllServeEvents()).isEmpty();
        } finally {
            foreign.stop();
        }
    }

    @Test
    void endsWhenThePagesRunInACircle() {
        cloud.answer("GET", CloudStub.CLUSTERS_PATH, cloud.json(200, "clusters-first-page"));

        assertThatThrownBy(() -> cloud.provider().describe())
                .isInstanceOf(ProviderException.Transient.class)
                .hasMessageContaining("do not end");
    }

    @Test
    void remembersWhereThePoolIsButNotWhatItIs() throws ProviderException {
        NodePoolProvider provider = cloud.provider();
        provider.describe();
        cloud.answer("GET", CloudStub.POOL_PATH, cloud.json(200, "pool-of-five"));
        cloud.server().resetRequests();

        assertThat(provider.describe().size()).isEqualTo(5);
        assertThat(cloud.requests()).containsExactly("GET " + CloudStub.POOL_PATH);
    }

    @Test
    void looksForThePoolAgainWhenItsIdIsNotKnownAnyMore() throws ProviderException {
        NodePoolProvider provider = cloud.provider();
        provider.describe();
        cloud.answer("GET", CloudStub.POOL_PATH, cloud.json(404, "error-not-found"));
        cloud.answer("GET", CloudStub.POOLS_PATH, cloud.json(200, "pools-replaced"));

        assertThat(provider.describe().size()).isEqualTo(1);
    }

    @Test
    void looksForThePoolAgainWhenTheRememberedOneWasRenamed() throws ProviderException {
        NodePoolProvider provider = cloud.provider();
        provider.describe();
        cloud.answer("GET", CloudStub.POOL_PATH, cloud.json(200, "pool-renamed"));
        cloud.answer("GET", CloudStub.POOLS_PATH, cloud.json(200, "pools-replaced"));

        assertThat(provider.describe().size()).isEqualTo(1);
    }

    @Test
    void refusesAPoolThatTheCloudScalesToo() {
        cloud.answer("GET", CloudStub.POOLS_PATH, cloud.json(200, "pools-auto-scale"));

        assertThatThrownBy(() -> cloud.provider().describe())
                .isInstanceOf(ProviderException.InvalidRequest.class)
                .hasMessageContaining("auto-scaling")
                .hasMessageContaining("--auto-scale=false")
                .hasMessageContaining(CloudStub.POOL);
    }

    @Test
    void countsMachinesOnTheirWayOutAsDeleting() throws ProviderException {
        NodePoolProvider provider = cloud.provider();
        provider.describe();
        cloud.answer("GET", CloudStub.POOL_PATH, cloud.json(200, "pool-draining"));
        PoolDescription pool = provider.describe();

        assertThat(pool.size()).isEqualTo(1);
        assertThat(pool.instances())
                .extracting(Instance::state)
                .containsExactly(State.RUNNING, State.DELETING, State.DELETING);
    }

    @Test
    void takesAnUnknownStateForBootingAndSaysWhich() throws ProviderException {
        PoolDescription pool = describeOddStates(cloud.provider());

        assertThat(pool.instances())
                .extracting(Instance::state)
                .containsExactly(State.BOOTING, State.BOOTING, State.RUNNING);
        assertThat(pool.instances().get(0).message()).contains("'hibernating'").contains("the hypervisor is asleep");
        assertThat(pool.instances().get(1).message()).contains("no state");
    }

    @Test
    void countsFromTheFirstSightWhenTheCloudTellsNoCreationTime() throws ProviderException {
        PoolDescription pool = describeOddStates(cloud.provider());

        assertThat(pool.instances().get(2).createdAt()).isEqualTo(CloudStub.NOW);
    }

    private PoolDescription describeOddStates(NodePoolProvider provider) throws ProviderException {
        provider.describe();
        cloud.answer("GET", CloudStub.POOL_PATH, cloud.json(200, "pool-odd-states"));
        return provider.describe();
    }

    @Test
    void tellsWhatANewNodeWillBe() throws ProviderException {
        PoolDescription pool = cloud.provider().describe();

        assertThat(pool.template()).hasValueSatisfying(template -> {
            assertThat(template.allocatable())
                    .isEqualTo(Resources.of(
                            Map.of(Resources.CPU, 4000L, Resources.MEMORY, 6L << 30, Resources.PODS, 110L)));
            assertThat(template.labels()).containsEntry("role", "server");
            assertThat(template.taints()).contains(Set.of(new Taint("dedicated", "servers", Taint.NO_SCHEDULE)));
        });
    }

    @Test
    void livesWithoutATemplateAndDoesNotAskForItEveryTime() throws ProviderException {
        cloud.answer("GET", CloudStub.TEMPLATE_PATH, cloud.json(404, "error-not-found"));
        NodePoolProvider provider = cloud.provider();
        assertThat(provider.describe().template()).isEmpty();
        provider.describe();

        assertThat(cloud.requests("GET", CloudStub.TEMPLATE_PATH)).hasSize(1);
        cloud.skip(Duration.ofMinutes(11));
        cloud.answer("GET", CloudStub.TEMPLATE_PATH, cloud.json(200, "template"));
        assertThat(provider.describe().template()).isPresent();
    }

    @Test
    void keepsTheLastTemplateWhenItCannotBeReadAgain() throws ProviderException {
        NodePoolProvider provider = cloud.provider();
        provider.describe();
        cloud.skip(Duration.ofMinutes(11));
        cloud.answer("GET", CloudStub.TEMPLATE_PATH, cloud.json(500, "error-server"));

        assertThat(provider.describe().template()).isPresent();
    }

    @Test
    void tellsHowManyNodesTheDropletLimitLeaves() throws ProviderException {
        // 25 allowed, 10 there, 2 of them this pool's
        assertThat(cloud.provider().describe().limit()).hasValue(17);
    }

    @Test
    void tellsNoLimitWhenTheTokenMayNotSeeIt() throws ProviderException {
        cloud.answer("GET", CloudStub.ACCOUNT_PATH, cloud.json(403, "error-forbidden"));

        assertThat(cloud.provider().describe().limit()).isEmpty();
    }

    @Test
    void tellsNoLimitWhenTheDropletsCannotBeCounted() throws ProviderException {
        cloud.answer("GET", CloudStub.DROPLETS_PATH, cloud.json(403, "error-forbidden"));

        assertThat(cloud.provider().describe().limit()).isEmpty();
    }

    @Test
    void countsTheDropletsAtMostOnceAMinute() throws ProviderException {
        NodePoolProvider provider = cloud.provider();
        provider.describe();
        provider.describe();
        assertThat(cloud.requests("GET", CloudStub.DROPLETS_PATH)).hasSize(1);

        cloud.skip(Duration.ofSeconds(61));
        provider.describe();
        assertThat(cloud.requests("GET", CloudStub.DROPLETS_PATH)).hasSize(2);
    }

    @Test
    void refusesAnAnswerThatIsNoPool() {
        for (String body : List.of(
                "{}",
                "[]",
                "<html>",
                "",
                "{\"node_pools\":[{\"name\":\"servers\"}]}",
                "{\"node_pools\":[{\"id\":\"..\",\"name\":\"servers\",\"count\":3}]}",
                "{\"node_pools\":[{\"id\":\"" + CloudStub.POOL + "\",\"name\":\"servers\",\"count\":-1}]}",
                "{\"node_pools\":[{\"id\":\"" + CloudStub.POOL + "\",\"name\":\"servers\",\"count\":\"3\"}]}",
                "{\"node_pools\":[{\"id\":\"" + CloudStub.POOL
                        + "\",\"name\":\"servers\",\"count\":3,\"nodes\":[{\"id\":\"..\"}]}]}")) {
            cloud.answer("GET", CloudStub.POOLS_PATH, aResponse().withBody(body));

            assertThatThrownBy(() -> cloud.provider().describe())
                    .as("the body %s", body)
                    .isInstanceOf(ProviderException.Transient.class);
        }
    }

    @Test
    void givesUpOnAnAnswerThatWouldFillTheMemory() {
        // 15 MB, which as objects take a hundred times as much
        String body = "{\"kubernetes_clusters\": [" + "[],".repeat(5_000_000) + "[]]}";
        cloud.answer("GET", CloudStub.CLUSTERS_PATH, aResponse().withBody(body));
        assertThatThrownBy(() -> cloud.provider(cloud.context(Map.of())).describe())
                .isInstanceOf(ProviderException.Transient.class)
                .hasMessageStartingWith(
                        "DigitalOcean answered GET /v2/kubernetes/clusters with what is not JSON, or far too much of"
                                + " it");
    }

    @Test
    void givesUpOnACompressedAnswerThatWouldFillTheMemory() throws IOException {
        ByteArrayOutputStream small = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(small)) {
            byte[] spaces = " ".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 40; i++) {
                gzip.write(spaces);
            }
        }
        cloud.answer(
                "GET",
                CloudStub.CLUSTERS_PATH,
                aResponse().withHeader("Content-Encoding", "gzip").withBody(small.toByteArray()));
        assertThatThrownBy(() -> cloud.provider(cloud.context(Map.of())).describe())
                .isInstanceOf(ProviderException.Transient.class)
                .hasMessageContaining("the answer is longer than 16777216 bytes");
    }
}
