package io.kubescaler.digitalocean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubescaler.provider.NodePoolProviderFactory;
import io.kubescaler.provider.NodePoolProviderFactory.Problem;
import io.kubescaler.provider.ProviderContext;
import io.kubescaler.provider.Secret;
import io.kubescaler.testing.NodePoolProviderFactoryContract;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DigitalOceanFactoryTest extends NodePoolProviderFactoryContract {
    private final DigitalOceanProviderFactory factory = new DigitalOceanProviderFactory();

    @Override
    protected NodePoolProviderFactory factory() {
        return factory;
    }

    @Override
    protected ProviderContext validContext() {
        return context(Map.of());
    }

    @Override
    protected Map<String, String> settingsForSlowWrites() {
        return Map.of("request-timeout", "25s");
    }

    private ProviderContext context(Map<String, String> overrides) {
        Map<String, String> settings = new HashMap<>();
        factory.settings()
                .forEach(setting -> setting.defaultValue().ifPresent(value -> settings.put(setting.key(), value)));
        settings.putAll(overrides);
        return context(Optional.of("production"), "servers", Optional.of(new Secret(CloudStub.TOKEN)), settings);
    }

    private static ProviderContext context(
            Optional<String> cluster, String pool, Optional<Secret> token, Map<String, String> settings) {
        return new ProviderContext(cluster, pool, token, settings, "kubescaler/test", Clock.systemUTC());
    }

    @Test
    void isCalledDigitalocean() {
        assertThat(factory.name()).isEqualTo("digitalocean");
    }

    @Test
    void namesEveryProblemInOneGo() {
        Map<String, String> wrong = Map.of(
                "api-url", "http://api.digitalocean.com",
                "connect-timeout", "5",
                "read-timeout", "-1s",
                "write-timeout", "1h",
                "request-timeout", "soon",
                "requests-per-minute", "251",
                "requests-per-hour", "0",
                "skip-drain", "yes");
        List<Problem> problems = factory.validate(context(Optional.empty(), " ", Optional.empty(), wrong));

        assertThat(problems)
                .extracting(Problem::key)
                .containsExactly(
                        "cloud-provider-token",
                        "cluster-name",
                        "node-pool-name",
                        "api-url",
                        "connect-timeout",
                        "read-timeout",
                        "write-timeout",
                        "request-timeout",
                        "requests-per-minute",
                        "requests-per-hour",
                        "skip-drain");
        assertThat(problems)
                .filteredOn(problem -> wrong.containsKey(problem.key()))
                .allSatisfy(problem -> assertThat(problem.message()).contains("'" + wrong.get(problem.key()) + "'"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://api.digitalocean.com",
                "http://localhost.evil.example.com",
                "http://127.0.0.1.evil.example.com",
                "ftp://api.digitalocean.com",
                "https://user:password@api.digitalocean.com",
                "https://api.digitalocean.com/v2",
                "https://api.digitalocean.com?x=1",
                "https://api.digitalocean.com#x",
                "api.digitalocean.com",
                ""
            })
    void refusesAnAddressThatIsNoneOrWouldShowTheToken(String url) {
        assertThat(factory.validate(context(Map.of("api-url", url))))
                .extracting(Problem::key)
                .containsExactly("api-url");
    }

    @Test
    void showsNoPasswordOfAnAddress() {
        assertThat(factory.validate(context(Map.of("api-url", "https://user:hunter2@api.digitalocean.com")))
                        .toString())
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://api.digitalocean.com",
                "https://api.digitalocean.com/",
                "https://proxy.example.com:8443",
                "http://localhost:8080",
                "http://127.0.0.1:8080",
                "http://[::1]:8080"
            })
    void acceptsHttpsAndLoopback(String url) {
        assertThat(factory.validate(context(Map.of("api-url", url)))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"100ms,100", "2s,2000", "2 s,2000", "20 seconds,20000", "1500 millis,1500"})
    void readsDurationsWithTheirUnit(String text, long millis) {
        List<Problem> problems = new ArrayList<>();

        assertThat(DigitalOceanSettings.read(Map.of("request-timeout", text), Optional.empty(), problems)
                        .orElseThrow()
                        .requestTimeout())
                .isEqualTo(Duration.ofMillis(millis));
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"99ms", "26s", "1m", "10", "-1s", "0s", "1d", "s", "99999999999s"})
    void refusesDurationsWithoutUnitOrOutOfRange(String text) {
        assertThat(factory.validate(context(Map.of("request-timeout", text))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("'" + text + "'", "100ms", "25s"));
    }

    @Test
    void allowsARequestWhatTheLeaseLeavesAndNoMore() {
        Optional<Duration> sixSeconds = Optional.of(Duration.ofSeconds(6));

        assertThat(factory.validate(context(Map.of("request-timeout", "6s")).withLongestWrite(sixSeconds)))
                .isEmpty();
        assertThat(factory.validate(context(Map.of("request-timeout", "6001ms")).withLongestWrite(sixSeconds)))
                .containsExactly(new Problem(
                        "request-timeout",
                        "request-timeout is 6001 ms; it must be at most 6000 ms, which is what the lease leaves for a last"
                                + " change: lower it, or raise leader-election.lease-duration"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "dop_v1_secret\n", "dop_v1 secret", "dop_v1_sécret"})
    void refusesATokenThatIsNoneWithoutShowingIt(String token) {
        ProviderContext context =
                context(Optional.of("production"), "servers", Optional.of(new Secret(token)), Map.of());

        assertThat(factory.validate(context)).singleElement().satisfies(problem -> {
            assertThat(problem.key()).isEqualTo("cloud-provider-token");
            assertThat(problem.message()).doesNotContain("cret");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {".", ".."})
    void refusesAPoolNameThatLeadsElsewhereInAPath(String name) {
        ProviderContext context =
                context(Optional.of("production"), name, Optional.of(new Secret(CloudStub.TOKEN)), Map.of());

        assertThat(factory.validate(context)).extracting(Problem::key).containsExactly("node-pool-name");
    }

    @Test
    void makesNoProviderFromAWrongContext() {
        assertThatThrownBy(() -> factory.create(context(Map.of("requests-per-hour", "0"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("requests-per-hour")
                .hasMessageNotContaining(CloudStub.TOKEN);
    }
}
