package io.kubescaler.digitalocean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.kubescaler.model.Instance;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.provider.Deletion;
import io.kubescaler.provider.Finding;
import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.ProviderContext;
import io.kubescaler.provider.ProviderException;
import io.kubescaler.provider.Secret;
import io.kubescaler.testing.Patience;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds every request of the client and every answer that the other tests give it against the description that
 * DigitalOcean publishes, with Prism. Prism refuses what breaks the description, so an answer that arrives is one that
 * keeps it.
 *
 * <p>Exempt are the template endpoint, which is not in the description, and the file {@code pool-odd-states}, which is
 * about answers that break it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PrismContractIT {
    private static final String HOME = "KUBESCALER_PRISM_DIR";
    private static final String REQUIRED = "KUBESCALER_REQUIRE_ITS";
    private static final String VIOLATIONS = "sl-violations";
    private static final String TEMPLATE = "template";
    private static final String ODD = "pool-odd-states";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final CloudStub cloud = new CloudStub();
    private PrismServer mock;
    private PrismServer proxy;

    @BeforeAll
    void start() throws Exception {
        Path home = home();
        // both take seconds to read the description
        mock = PrismServer.mock(home);
        proxy = PrismServer.proxy(home, cloud.server().baseUrl());
        mock.url();
        cloud.behind(proxy.url());
    }

    @AfterAll
    void stop() throws InterruptedException {
        if (mock != null) {
            mock.stop();
        }
        if (proxy != null) {
            proxy.stop();
        }
        cloud.close();
    }

    @AfterEach
    void answerAsMade() {
        if (proxy != null) {
            cloud.answerAsMade();
        }
    }

    private static Path home() {
        Optional<Path> home = Optional.ofNullable(System.getenv(HOME))
                .filter(path -> !path.isBlank())
                .map(Path::of)
                .filter(path -> Files.isExecutable(path.resolve("node_modules/.bin/prism")));
        if (home.isPresent()) {
            return home.get();
        }
        String why = "PrismContractIT skipped: %s names no folder with Prism in it; .ci/run makes one".formatted(HOME);
        if (Boolean.parseBoolean(System.getenv(REQUIRED))) {
            return fail(REQUIRED + " is true, so that this fails instead: " + why);
        }
        // Surefire's console shows no reasons for skips
        System.out.println(why);
        return abort(why);
    }

    // ---- the client against the vendor's own examples ----

    @Test
    void understandsTheExamplesOfTheDescriptionAndIsUnderstood() throws Exception {
        DigitalOceanProviderFactory factory = new DigitalOceanProviderFactory();
        try (NodePoolProvider provider = factory.create(new ProviderContext(
                Optional.of("prod-cluster-01"),
                "frontend-pool",
                Optional.of(new Secret(CloudStub.TOKEN)),
                Map.of("api-url", mock.url(), "request-timeout", "20s", "read-timeout", "20s"),
                "kubescaler/0.1.0-test",
                Clock.systemUTC()))) {
            PoolDescription pool = provider.describe();

            assertThat(pool.size()).isEqualTo(3);
            assertThat(pool.instances()).hasSize(3).allSatisfy(instance -> {
                assertThat(instance.providerId().orElseThrow()).startsWith("digitalocean://2055453");
                assertThat(instance.state()).isIn(Instance.State.BOOTING, Instance.State.RUNNING);
            });
            assertThat(pool.template()).as("not in the description").isEmpty();
            provider.grow(5);
            String node = pool.instances().get(0).id();
            assertThat(provider.delete(List.of(node))).containsExactly(Deletion.done(node));
            assertThat(provider.preflight(5)).noneMatch(finding -> finding.severity() == Finding.Severity.ERROR);
        }
    }

    // ---- the client and the stubs through Prism ----

    @Test
    void sendsAndGetsOnlyWhatTheDescriptionAllows() throws ProviderException {
        cloud.answerInTwoPages();
        NodePoolProvider provider = patientProvider(Map.of());

        assertThat(provider.describe().size()).isEqualTo(3);
        provider.grow(5);
        assertThat(provider.delete(List.of(CloudStub.NODE))).containsExactly(Deletion.done(CloudStub.NODE));
        // all that was found missing would be what Prism refused
        assertThat(provider.preflight(10)).extracting(Finding::severity).containsOnly(Finding.Severity.OK);
        assertThat(cloud.requests("PUT", CloudStub.POOL_PATH)).hasSize(1);
        assertThat(cloud.requests("GET", CloudStub.CLUSTERS_PATH)).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void sendsWhatTheDescriptionAllowsForAPoolWithoutLabelsAndWithoutDraining() throws ProviderException {
        NodePoolProvider provider = patientProvider(Map.of("skip-drain", "true"));
        provider.describe();
        cloud.answer("GET", CloudStub.POOL_PATH, cloud.json(200, "pool-bare"));

        provider.grow(5);
        assertThat(provider.delete(List.of(CloudStub.NODE))).containsExactly(Deletion.done(CloudStub.NODE));
    }

    @ParameterizedTest
    @MethodSource("files")
    void answersOfTheOtherTestsKeepTheDescription(String file) throws Exception {
        Exchange exchange = Exchange.of(file);
        cloud.answer(exchange.method, exchange.path, cloud.json(exchange.status, file));
        HttpResponse<String> answer = send(exchange.method, exchange.path + exchange.query, exchange.body);

        assertThat(answer.headers().firstValue(VIOLATIONS)).isEmpty();
        assertThat(answer.statusCode()).isEqualTo(exchange.status);
    }

    static Stream<String> files() throws IOException, URISyntaxException {
        Path folder = Path.of(PrismContractIT.class.getResource("/digitalocean").toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files
                    .map(file -> file.getFileName().toString().replace(".json", ""))
                    .filter(file -> !file.equals(TEMPLATE) && !file.equals(ODD))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    // ---- Prism itself ----

    @Test
    void prismRefusesAnAnswerThatBreaksTheDescription() throws Exception {
        cloud.answer("GET", CloudStub.POOL_PATH, cloud.json(200, ODD));
        HttpResponse<String> answer = send("GET", CloudStub.POOL_PATH, "");

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.headers().firstValue(VIOLATIONS).orElseThrow()).contains("provisioning, running, draining");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE " + CloudStub.NODE_PATH + "?skip_drain=true",
                "DELETE " + CloudStub.POOL_PATH + "/nodes/servers-3niq?skip_drain=0",
                "GET " + CloudStub.CLUSTERS_PATH + "?per_page=201",
                "PUT " + CloudStub.POOL_PATH
            })
    void prismRefusesARequestThatBreaksTheDescription(String request) throws Exception {
        String[] parts = request.split(" ", 2);
        cloud.server().resetRequests();
        // a resize without a name
        HttpResponse<String> answer = send(parts[0], parts[1], parts[0].equals("PUT") ? "{\"count\":5}" : "");

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).contains("https://stoplight.io/prism/errors#UNPROCESSABLE_ENTITY");
        assertThat(cloud.requests()).as("nothing went on to the API").isEmpty();
    }

    private NodePoolProvider patientProvider(Map<String, String> settings) {
        Map<String, String> patient = new HashMap<>(settings);
        // Prism takes a while for its first answer
        patient.put("request-timeout", "20s");
        patient.put("read-timeout", "20s");
        return cloud.provider(cloud.context(patient));
    }

    private HttpResponse<String> send(String method, String pathAndQuery, String body) throws Exception {
        HttpRequest.BodyPublisher publisher =
                body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        return http.send(
                HttpRequest.newBuilder(URI.create(proxy.url() + pathAndQuery))
                        .method(method, publisher)
                        .header("Authorization", "Bearer " + CloudStub.TOKEN)
                        .header("Content-Type", "application/json")
                        .timeout(Patience.LIMIT)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** The request that a file answers, told by its name. */
    private record Exchange(String method, String path, String query, String body, int status) {
        static Exchange of(String file) {
            if (file.startsWith("error-")) {
                return new Exchange("PUT", CloudStub.POOL_PATH, "", "{\"name\":\"servers\",\"count\":5}", error(file));
            }
            String path = switch (file.split("-", 2)[0]) {
                case "clusters" -> CloudStub.CLUSTERS_PATH;
                case "pools" -> CloudStub.POOLS_PATH;
                case "pool" -> CloudStub.POOL_PATH;
                case "account" -> CloudStub.ACCOUNT_PATH;
                case "droplets" -> CloudStub.DROPLETS_PATH;
                default -> throw new IllegalArgumentException("what does %s.json answer?".formatted(file));
            };
            return new Exchange("GET", path, path.equals(CloudStub.DROPLETS_PATH) ? "?per_page=1" : "", "", 200);
        }

        private static int error(String file) {
            return switch (file) {
                case "error-unauthorized" -> 401;
                case "error-forbidden" -> 403;
                case "error-not-found" -> 404;
                case "error-droplet-limit", "error-unprocessable", "error-being-deleted" -> 422;
                case "error-rate-limited" -> 429;
                case "error-server" -> 500;
                default -> throw new IllegalArgumentException("what status has %s.json?".formatted(file));
            };
        }
    }
}
