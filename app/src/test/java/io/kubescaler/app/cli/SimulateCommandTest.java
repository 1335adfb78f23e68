package io.kubescaler.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SimulateCommandTest {
    @TempDir
    private Path folder;

    private Path trace;

    @BeforeEach
    void writeTrace() throws IOException {
        trace = Files.writeString(folder.resolve("trace.csv"), """
                start_seconds,duration_seconds
                0,1000
                10,1000
                100,1000
                300,
                """);
    }

    /** Runs it on the trace; what is given here, in pairs, replaces the usual. */
    private Invocation simulate(String... options) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("--servers", trace.toString());
        all.put("--slots-per-node", "2");
        all.put("--boot-time", "4m");
        for (int i = 0; i < options.length; i += 2) {
            all.put(options[i], options[i + 1]);
        }
        List<String> arguments = new ArrayList<>(List.of("simulate"));
        all.forEach((option, value) -> arguments.addAll(List.of(option, value)));
        return Invocation.of(Map.of(), arguments.toArray(String[]::new));
    }

    @Test
    void writesOneDocumentWithAPolicyForEachBufferAndExpiration() throws IOException {
        Invocation invocation =
                simulate("--buffer", "1,4", "--expiration", "0s,10m", "--price-per-hour", "0.5", "--output", "json");

        assertThat(invocation.status()).as(invocation.err()).isZero();
        JsonNode document = invocation.json();
        assertThat(document.at("/trace/servers").asInt()).isEqualTo(4);
        assertThat(document.at("/trace/length_seconds").asInt()).isEqualTo(1100);
        JsonNode policies = document.get("policies");
        assertThat(policies).hasSize(4);
        assertThat(policies.findValuesAsText("buffer")).containsExactly("1", "1", "4", "4");
        assertThat(policies.findValuesAsText("expiration_seconds")).containsExactly("0", "600", "0", "600");
        JsonNode first = policies.get(1);
        assertThat(first.get("waited").asInt()).isEqualTo(1);
        assertThat(first.get("wait_share").asDouble()).isEqualTo(0.25);
        assertThat(first.get("wait_max_seconds").asDouble()).isEqualTo(150.02);
        assertThat(first.get("cost").asDouble())
                .isCloseTo(first.get("node_hours").asDouble() / 2, Offset.offset(1e-6));
        assertThat(first.fieldNames())
                .toIterable()
                .containsExactly(
                        "buffer",
                        "expiration_seconds",
                        "servers",
                        "waited",
                        "waited_over_1s",
                        "wait_share",
                        "wait_p50_seconds",
                        "wait_p99_seconds",
                        "wait_max_seconds",
                        "node_hours",
                        "cost",
                        "peak_nodes",
                        "nodes_ordered",
                        "changes",
                        "lower_bound_node_hours");
    }

    @Test
    void writesTheSameBytesForTheSameSeed() {
        String[] arguments = {"--boot-time", "1m..10m", "--seed", "7", "--output", "json"};

        assertThat(simulate(arguments).out()).isEqualTo(simulate(arguments).out());
    }

    @Test
    void writesATable() {
        Invocation invocation = simulate("--buffer", "1");

        assertThat(invocation.out()).contains("Servers: 4 in", "BUFFER", "NODE-HOURS", "120 s", "25.00 %");
    }

    @Test
    void takesMeasuredBootTimes() throws IOException {
        Path measured = Files.writeString(folder.resolve("boots.txt"), "240\n");

        assertThat(simulate("--boot-time", measured.toString(), "--output", "json")
                        .json())
                .isEqualTo(simulate("--output", "json").json());
    }

    @Test
    void takesThePolicyFromSetAndFileWhereNoOptionGivesIt() throws IOException {
        Path file = Files.writeString(folder.resolve("k.conf"), """
                kubescaler {
                  cloud-provider-token = secret
                  server-resource-requests { "example.com/gpu" = 1 }
                  node-pools = [ { name = a, node-selector = "a=b", minimum-node-pool-size = 3, buffer-slot-size = 1 } ]
                }
                """);
        JsonNode byFile =
                simulate("--config", file.toString(), "--output", "json").json();
        JsonNode byOptions = simulate("--minimum", "3", "--maximum", "3", "--buffer", "1", "--output", "json")
                .json();
        JsonNode bySet = simulate("--set", "minimum-node-pool-size=9", "--output", "json")
                .json();

        assertThat(byFile).isEqualTo(byOptions);
        assertThat(bySet.at("/policies/0/peak_nodes").asInt()).isEqualTo(9);
    }

    @Test
    void heedsTheDelayAndTheTimeoutThatAreSet() throws IOException {
        JsonNode usual = simulate("--buffer", "1", "--expiration", "0s", "--output", "json", "--set", "cordon-delay=0s")
                .json();
        JsonNode slow = simulate("--buffer", "1", "--expiration", "0s", "--output", "json", "--set", "cordon-delay=1h")
                .json();
        Invocation tooShort = simulate("--set", "provisioning-timeout=2m");

        assertThat(slow.at("/policies/0/node_hours").asDouble())
                .isGreaterThan(usual.at("/policies/0/node_hours").asDouble());
        assertThat(tooShort.status()).isEqualTo(2);
        assertThat(tooShort.err()).contains("no machine would come within 120 s");
    }

    @Test
    void drawsNoBarWhereStandardErrorIsNoTerminal() {
        List<String> arguments =
                List.of("simulate", "--servers", trace.toString(), "--slots-per-node", "2", "--boot-time", "4m");
        Invocation invocation = Invocation.of(Map.of("TERM", "xterm"), arguments.toArray(String[]::new));

        assertThat(invocation.status()).isZero();
        assertThat(invocation.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bogus=1|bogus is no key",
                "cordon-dela=1m|cordon-dela is no key; did you mean cordon-delay?",
                "http.port=1|http.port means nothing to `simulate`",
                "cloud-provider=x|cloud-provider means nothing to `simulate`",
                "providers.digitalocean.api-url=x|providers.digitalocean.api-url means nothing to `simulate`",
                "log={level=info}|log means nothing to `simulate`",
                "node-pools=[]|node-pools means nothing to `simulate`",
                "cordon-delay=soon|cordon-delay = soon",
                "buffer-slot-size=2|buffer-slot-size is given by --buffer too; give one of the two"
            })
    void refusesToSetWhatMeansNothing(String assignment, String message) {
        Invocation invocation = simulate("--buffer", "1", "--set", assignment);

        assertThat(invocation.status()).isEqualTo(2);
        assertThat(invocation.err()).contains("--set: " + message);
        assertThat(invocation.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--slots-per-node|0|--slots-per-node 0: it must be from 1 to 10000",
                "--buffer|-1|--buffer -1: it must be from 0",
                "--expiration|120|'120' is no time; write a number with a unit",
                "--boot-time|soon|--boot-time: 'soon' is no duration",
                "--boot-time|20m|no machine would come within 900 s",
                "--maximum|0|--maximum 0: it must be from 1",
                "--minimum|501|--minimum: minimum-node-pool-size = 501 is above maximum-node-pool-size = 500",
                "--price-per-hour|-1|--price-per-hour -1.0: write an amount from 0",
                "--servers|none.csv|none.csv does not exist",
                "--output|html|html"
            })
    void refusesWhatCannotBe(String option, String value, String message) {
        Invocation invocation = simulate(option, value);

        assertThat(invocation.status()).isEqualTo(2);
        assertThat(invocation.err()).contains(message);
        assertThat(invocation.out()).isEmpty();
    }
}
