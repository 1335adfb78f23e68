package io.kubescaler.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The program from its arguments to its exit status and what it prints. */
class ProgramTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"check", "run", ""})
    void namesAllFiveProblemsAtOnceAndExits2(String command) throws IOException {
        Path file = Files.writeString(folder.resolve("wrong.conf"), """
                kubescaler {
                  bufer-slot-size = 8
                  empty-node-expiration-sec = soon
                  provisioning-timeout = 15
                  minimum-node-pool-size = 5
                  maximum-node-pool-size = 4
                }
                """);
        Map<String, String> environment = new HashMap<>(Invocation.ENOUGH);
        environment.remove("CLOUD_PROVIDER_TOKEN");
        List<String> arguments = command.isEmpty()
                ? List.of("--config", file.toString())
                : List.of(command, "--config", file.toString());

        Invocation invocation = Invocation.of(environment, arguments.toArray(String[]::new));

        assertThat(invocation.status()).isEqualTo(2);
        assertThat(invocation.out()).isEmpty();
        assertThat(invocation.err())
                .contains("5 problems with the configuration")
                .contains(file + ":2: bufer-slot-size is no key; did you mean buffer-slot-size?")
                .contains(file + ":3: empty-node-expiration-sec = soon")
                .contains(file + ":4: provisioning-timeout = 15 has no unit")
                .contains(file + ":5: minimum-node-pool-size = 5 is above maximum-node-pool-size = 4")
                .contains("variable CLOUD_PROVIDER_TOKEN or CLOUD_PROVIDER_TOKEN_FILE: cloud-provider-token is missing")
                .doesNotContain("\tat ");
    }

    @Test
    void namesWhatIsNoCommandAndNoOption() {
        Invocation invocation = Invocation.of(Invocation.ENOUGH, "chek");
        assertThat(invocation.status()).isEqualTo(2);
        assertThat(invocation.err())
                .startsWith("kubescaler: 'chek' is no command and no option")
                .contains("check");
        assertThat(Invocation.of(Invocation.ENOUGH, "check", "--conect", "now").err())
                .startsWith("kubescaler: '--conect', 'now' are no options of `check`")
                .contains("--connect");
    }

    @Test
    void givesTheProblemsAsOneDocumentWhenAskedForJson() throws IOException {
        Invocation invocation = Invocation.of(
                Invocation.ENOUGH, "check", "--output", "json", "--set", "bufer-slot-size=1", "--set", "dry-run=maybe");

        assertThat(invocation.status()).isEqualTo(2);
        assertThat(invocation.err()).isEmpty();
        assertThat(invocation.json().get("ok").asBoolean()).isFalse();
        assertThat(invocation.json().at("/problems/0/key").asText()).isEqualTo("bufer-slot-size");
        assertThat(invocation.json().at("/problems/0/origin").asText()).isEqualTo("--set");
        assertThat(invocation.json().at("/problems/1/value").asText()).isEqualTo("maybe");
    }

    @Test
    void showsWhatIsInForceAndMasksTheToken() throws IOException {
        Invocation text = Invocation.of(Invocation.ENOUGH, "check");
        Invocation json = Invocation.of(Invocation.ENOUGH, "check", "--output=json");

        assertThat(text.status()).isZero();
        assertThat(text.out())
                .containsPattern("cloud-provider-token +\\*\\*\\* +variable CLOUD_PROVIDER_TOKEN")
                .containsPattern("buffer-slot-size +4 +default")
                .doesNotContain("dop_v1");
        assertThat(json.status()).isZero();
        assertThat(json.json().get("ok").asBoolean()).isTrue();
        assertThat(json.out())
                .contains("\"origin\" : \"variable NODE_POOL_NAME\"")
                .doesNotContain("dop_v1");
    }

    @Test
    void failsWhenAskedToConnectAndNoClusterIsKnown() throws IOException {
        Invocation invocation = Invocation.of(
                Map.of(
                        "CLOUD_PROVIDER", "simulated",
                        "NODE_POOL_NAME", "games",
                        "NODE_SELECTOR", "role=scalable",
                        "SERVER_POD_LABEL_NAME", "app",
                        "SERVER_POD_LABEL_VALUE", "game-server",
                        "SERVER_CPU_RESOURCE_REQUEST", "500m"),
                "check",
                "--connect",
                "--output",
                "json");

        assertThat(invocation.status()).isEqualTo(1);
        assertThat(invocation.json().get("ok").asBoolean()).isFalse();
        assertThat(invocation.json().at("/findings/0/what").asText()).isEqualTo("cluster");
        assertThat(invocation.json().at("/findings/0/severity").asText()).isEqualTo("error");
        assertThat(invocation.json().at("/findings/0/message").asText()).contains("no cluster is known");
        assertThat(invocation.json().at("/findings/1/what").asText()).startsWith("pool games: ");
    }

    @Test
    void failsToRunWhenNoClusterIsKnown() {
        Invocation invocation = Invocation.of(Invocation.ENOUGH, "run");

        assertThat(invocation.status()).isEqualTo(1);
        assertThat(invocation.err())
                .contains("no cluster is known")
                .contains("CLUSTER_KUBE_CONFIG_PATH")
                .doesNotContain("\tat ");
    }

    @Test
    void failsToPlanLiveWhenNoClusterIsKnown() {
        Invocation invocation = Invocation.of(Invocation.ENOUGH, "plan");

        assertThat(invocation.status()).isEqualTo(1);
        assertThat(invocation.err()).contains("no cluster is known").doesNotContain("\tat ");
    }

    @Test
    void suggestsTheCommandOrOptionThatWasMeant() {
        Invocation command = Invocation.of(Map.of(), "chekc");
        Invocation option = Invocation.of(Map.of(), "check", "--conect");

        assertThat(command.status()).isEqualTo(2);
        assertThat(command.out()).isEmpty();
        assertThat(command.err()).contains("chekc").contains("kubescaler check").contains("`kubescaler --help`");
        assertThat(option.status()).isEqualTo(2);
        assertThat(option.err()).contains("--conect").contains("--connect").contains("`kubescaler check --help`");
    }

    @Test
    void refusesAnUnknownFormOfOutput() {
        Invocation invocation = Invocation.of(Map.of(), "version", "--output", "yaml");

        assertThat(invocation.status()).isEqualTo(2);
        assertThat(invocation.err()).contains("yaml").contains("text, json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "demo", "check", "plan", "providers", "version"})
    void helpsWithEveryCommand(String command) {
        Invocation all = Invocation.of(Map.of(), "--help");
        Invocation one = Invocation.of(Map.of(), command, "--help");

        assertThat(all.status()).isZero();
        assertThat(all.out()).containsPattern("\n +" + command + " ");
        assertThat(one.status()).isZero();
        assertThat(one.out())
                .contains("kubescaler " + command)
                .contains("--config")
                .contains("--set");
    }

    @Test
    void showsVersionCommitAndJava() throws IOException {
        Invocation text = Invocation.of(Map.of(), "version");
        Invocation json = Invocation.of(Map.of(), "version", "--output", "json");

        assertThat(text.status()).isZero();
        assertThat(text.out()).startsWith("kubescaler ").contains("commit").contains("Java");
        assertThat(json.json().get("version").asText()).matches("\\d+\\.\\d+\\.\\d+.*");
        assertThat(json.json().get("commit").asText()).isNotEmpty();
        assertThat(json.json().get("java").asText())
                .startsWith(Runtime.version().toString());
    }

    @ParameterizedTest
    @CsvSource({"version,--set", "version,--config", "providers,--set", "providers,--config"})
    void refusesAConfigurationWhereNoneIsRead(String command, String option) {
        Invocation invocation = Invocation.of(Map.of(), command, option, "http.port=1");

        assertThat(invocation.status()).isEqualTo(2);
        assertThat(invocation.out()).isEmpty();
        assertThat(invocation.err())
                .contains(option + " means nothing to `" + command + "`")
                .contains("run, check, plan, simulate and demo take it");
    }

    @Test
    void demonstratesThePoolThatIsSet() throws IOException {
        String[] demo = {"demo", "--for", "10ms", "--speed", "360000", "--output", "json", "--set", "buffer-slot-size=9"
        };
        String[] refused = {"demo", "--set", "cloud-provider=x", "--set", "minimum-node-pool-siz=1"};

        assertThat(Invocation.of(Map.of("BUFFER_SLOT_SIZE", "7"), demo)
                        .json()
                        .at("/passes/0/buffer")
                        .asInt())
                .isEqualTo(9);
        assertThat(Invocation.of(Map.of(), refused).status()).isEqualTo(2);
        assertThat(Invocation.of(Map.of(), refused).err())
                .contains("cloud-provider means nothing to `demo`, which has a cluster and a cloud of its own")
                .contains("did you mean minimum-node-pool-size?");
    }

    @Test
    void leavesToTheLogOfRunWhichPluginsAreLeftOut() throws IOException {
        Files.writeString(folder.resolve("broken.jar"), "no jar");
        Map<String, String> environment = Map.of("KUBESCALER_PLUGINS", folder.toString());

        assertThat(Invocation.of(environment, "run").err())
                .as("the configuration says not how to log")
                .contains("broken.jar");
        Map<String, String> enough = new HashMap<>(Invocation.ENOUGH);
        enough.putAll(environment);
        enough.put("CLUSTER_KUBE_CONFIG_PATH", "/dev/null");
        assertThat(Invocation.of(enough, "run", "--set", "log.level=error").err())
                .doesNotContain("broken.jar");
    }

    @Test
    void listsTheProvidersWithTheirSettings() throws IOException {
        Invocation text = Invocation.of(Map.of(), "providers");
        Invocation json = Invocation.of(Map.of(), "providers", "--output", "json");

        assertThat(text.status()).isZero();
        assertThat(text.out())
                .contains("digitalocean  (built in)")
                .contains("simulated  (built in)")
                .contains("providers.digitalocean.");
        assertThat(json.json().at("/providers/0/name").asText()).isEqualTo("digitalocean");
        assertThat(json.json().at("/providers/0/jar").isNull()).isTrue();
        assertThat(json.json().at("/providers/0/settings/0/key").asText()).startsWith("providers.digitalocean.");
    }

    @Test
    void tellsOfAPluginThatWasLeftOut() throws IOException {
        Files.writeString(folder.resolve("broken.jar"), "no jar");

        Invocation invocation = Invocation.of(Map.of("KUBESCALER_PLUGINS", folder.toString()), "providers");

        assertThat(invocation.status()).isZero();
        assertThat(invocation.err()).contains("broken.jar").contains("is left out");
    }
}
