package io.kubescaler.digitalocean;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.request;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.ProviderContext;
import io.kubescaler.provider.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * The API on loopback, answering from the files under {@code src/test/resources/digitalocean}. As made, it has the
 * cluster {@code production} with the pool {@code servers} of 3 nodes, and everything works.
 */
final class CloudStub implements AutoCloseable {
    static final String TOKEN = "dop_v1_0123456789abcdef-the-token";
    static final String CLUSTER = "bd5f5959-5e1e-4205-a714-a914373942af";
    static final String POOL = "cdda885e-7663-40c8-bc74-3a036c66545d";
    static final String NODE = "478247f8-b1bb-4f7a-8db9-2a5f8d4b8f8f";
    static final String SECOND_NODE = "ad12e744-c2a9-473d-8aa9-be5680500eb1";
    static final String THIRD_NODE = "e46e8d07-f58f-4ff1-9737-97246364400e";
    static final String CLUSTERS_PATH = "/v2/kubernetes/clusters";
    static final String POOLS_PATH = CLUSTERS_PATH + "/" + CLUSTER + "/node_pools";
    static final String POOL_PATH = POOLS_PATH + "/" + POOL;
    static final String NODE_PATH = POOL_PATH + "/nodes/" + NODE;
    static final String TEMPLATE_PATH = CLUSTERS_PATH + "/" + CLUSTER + "/node_pools_template/servers";
    static final String ACCOUNT_PATH = "/v2/account";
    static final String DROPLETS_PATH = "/v2/droplets";
    static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    /** What the files name as the address of the API. */
    private static final String PUBLISHED_URL = "https://api.digitalocean.com";

    private final WireMockServer server;
    private String publicUrl;
    private final AtomicLong skippedNanos = new AtomicLong();
    private final List<NodePoolProvider> providers = new ArrayList<>();
    private final DigitalOceanProviderFactory factory;

    CloudStub() {
        // far more than is needed: a busy machine must not fail a test that is not about time
        this(DigitalOceanSettings.LONGEST_CALL);
    }

    /** @param longestCall the longest that one call of a provider takes */
    CloudStub(Duration longestCall) {
        // HTTP/1.1 alone, so that a cut connection is one
        server = new WireMockServer(
                options().bindAddress("127.0.0.1").dynamicPort().http2PlainDisabled(true));
        server.start();
        publicUrl = server.baseUrl();
        factory = new DigitalOceanProviderFactory(new DigitalOceanProvider.Times(
                longestCall, Duration.ofMillis(1), () -> System.nanoTime() + skippedNanos.get()));
        answerAsMade();
    }

    /** Makes everything work again, and forgets what was answered differently. */
    void answerAsMade() {
        server.resetMappings();
        answer("GET", CLUSTERS_PATH, json(200, "clusters"));
        answer("GET", POOLS_PATH, json(200, "pools"));
        answer("GET", POOL_PATH, json(200, "pool"));
        answer("PUT", POOL_PATH, json(202, "pool-of-five"));
        answer("DELETE", NODE_PATH, aResponse().withStatus(202));
        answer("GET", TEMPLATE_PATH, json(200, "template"));
        answer("GET", ACCOUNT_PATH, json(200, "account"));
        answer("GET", DROPLETS_PATH, json(200, "droplets"));
    }

    /** Returns the server, for what has no shorthand here. */
    WireMockServer server() {
        return server;
    }

    /** Makes providers, and links from one page to the next, go through what stands in front of this server. */
    void behind(String url) {
        publicUrl = url;
    }

    /** Returns the factory that makes {@link #provider}. */
    DigitalOceanProviderFactory factory() {
        return factory;
    }

    /** Returns a provider of the pool with everything at its default. */
    NodePoolProvider provider() {
        return provider(context(Map.of()));
    }

    NodePoolProvider provider(ProviderContext context) {
        NodePoolProvider provider = factory.create(context);
        providers.add(provider);
        return provider;
    }

    /** Returns the context with these settings on top of the defaults. */
    ProviderContext context(Map<String, String> overrides) {
        return context("production", overrides);
    }

    ProviderContext context(String clusterName, Map<String, String> overrides) {
        Map<String, String> settings = new HashMap<>();
        factory.settings()
                .forEach(setting -> setting.defaultValue().ifPresent(value -> settings.put(setting.key(), value)));
        settings.put("api-url", publicUrl);
        settings.putAll(overrides);
        return new ProviderContext(
                Optional.of(clusterName),
                "servers",
                Optional.of(new Secret(TOKEN)),
                settings,
                "kubescaler/0.1.0-test",
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    /** Makes a path answer so from now on. */
    void answer(String method, String path, ResponseDefinitionBuilder response) {
        server.stubFor(request(method, urlPathEqualTo(path)).willReturn(response));
    }

    /** Makes the cluster {@code production} stand on the second page alone. */
    void answerInTwoPages() {
        answer("GET", CLUSTERS_PATH, json(200, "clusters-first-page"));
        server.stubFor(request("GET", urlPathEqualTo(CLUSTERS_PATH))
                .withQueryParam("page", equalTo("2"))
                .willReturn(json(200, "clusters-last-page")));
    }

    /** Makes every path answer so from now on. */
    void answerEverything(ResponseDefinitionBuilder response) {
        server.resetMappings();
        server.stubFor(any(anyUrl()).willReturn(response));
    }

    /** Makes a path answer differently each time; the last answer stays. */
    void answerInTurn(String method, String path, ResponseDefinitionBuilder... responses) {
        String scenario = method + " " + path;
        for (int turn = 0; turn < responses.length; turn++) {
            String state = turn == 0 ? Scenario.STARTED : "turn " + turn;
            String next = turn == responses.length - 1 ? state : "turn " + (turn + 1);
            server.stubFor(request(method, urlPathEqualTo(path))
                    .inScenario(scenario)
                    .whenScenarioStateIs(state)
                    .willSetStateTo(next)
                    .willReturn(responses[turn]));
        }
    }

    /** Returns the answer with that status and the body of that file. */
    ResponseDefinitionBuilder json(int status, String file) {
        return aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "application/json; charset=utf-8")
                .withHeader("ratelimit-limit", "5000")
                .withHeader("ratelimit-remaining", "4816")
                .withHeader("ratelimit-reset", "1767272400")
                .withBody(body(file).replace(PUBLISHED_URL, publicUrl));
    }

    /** Returns the body of that file as it is. */
    static String body(String file) {
        String name = "/digitalocean/" + file + ".json";
        try (InputStream in = CloudStub.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException("no file " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Returns every request so far, such as {@code GET /v2/account}, with the query, in order. */
    List<String> requests() {
        return server.getAllServeEvents().stream()
                .map(event -> event.getRequest().getMethod() + " "
                        + event.getRequest().getUrl())
                .collect(Collectors.collectingAndThen(Collectors.toList(), CloudStub::reversed));
    }

    /** Returns the requests of one kind, in order. */
    List<LoggedRequest> requests(String method, String path) {
        return server.getAllServeEvents().stream()
                .map(ServeEvent::getRequest)
                .filter(seen -> seen.getMethod().getName().equals(method)
                        && seen.getUrl().split("\\?", 2)[0].equals(path))
                .collect(Collectors.collectingAndThen(Collectors.toList(), CloudStub::reversed));
    }

    /** Lets time pass for the providers, without waiting. */
    void skip(Duration duration) {
        skippedNanos.addAndGet(duration.toNanos());
    }

    /** WireMock lists the latest first. */
    private static <T> List<T> reversed(List<T> latestFirst) {
        Collections.reverse(latestFirst);
        return latestFirst;
    }

    @Override
    public void close() {
        providers.forEach(NodePoolProvider::close);
        server.stop();
    }
}
