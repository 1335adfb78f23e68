package io.kubescaler.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of problem, with what it says and where it points to. */
class ConfigProblemsTest extends ConfigLoaderFixture {
    @Test
    void findsTheFiveProblemsOfOneFileAtOnce() throws Exception {
        Path file = file("""
            kubescaler {
              bufer-slot-size = 8
              empty-node-expiration-sec = soon
              provisioning-timeout = 15
              minimum-node-pool-size = 5
              maximum-node-pool-size = 4
            }
            """);

        assertThat(problems(file, without("CLOUD_PROVIDER_TOKEN", ENOUGH)))
                .extracting(Problem::toString)
                .containsExactlyInAnyOrder(
                        file + ":2: bufer-slot-size is no key; did you mean buffer-slot-size?",
                        file + ":3: empty-node-expiration-sec = soon is no whole number in range; write a whole number"
                                + " of seconds without a unit, such as 120",
                        file + ":4: provisioning-timeout = 15 has no unit; write 15s, 15m or whatever is meant (ms, s,"
                                + " m, h, d)",
                        file + ":5: minimum-node-pool-size = 5 is above maximum-node-pool-size = 4 (" + file
                                + ":6); lower the one or raise the other",
                        "variable CLOUD_PROVIDER_TOKEN or CLOUD_PROVIDER_TOKEN_FILE: cloud-provider-token is missing;"
                                + " the cloud gives it under Access Tokens");
    }

    @Test
    void refusesATickInWhichAMachineIsHardlyLookedAtWhileItIsWaitedFor() throws ConfigurationException {
        assertThat(load(with("SCALE_LOOP_TICK_SEC", "225")).settings().tick()).isEqualTo(Duration.ofSeconds(225));
        assertThat(problems(with("SCALE_LOOP_TICK_SEC", "226")))
                .singleElement()
                .asString()
                .contains("provisioning-timeout = 15m is shorter than 4 times scale-loop-tick-sec = 226 (variable"
                        + " SCALE_LOOP_TICK_SEC); raise it to 904 s or more");
    }

    @Test
    void refusesAServerSelectorBesideTheLabelAndNamesBoth() {
        assertThat(problems(with("SERVER_POD_SELECTOR", "app=game")))
                .singleElement()
                .hasToString("variable SERVER_POD_SELECTOR: server-pod-selector = app=game is set beside"
                        + " server-pod-label-name (variable SERVER_POD_LABEL_NAME); give the selector or the label's name"
                        + " and value, not both");
        assertThat(problems(without("SERVER_POD_LABEL_NAME", with("SERVER_POD_SELECTOR", "app=game"))))
                .singleElement()
                .asString()
                .contains("is set beside server-pod-label-value");
    }

    @Test
    void namesASelectorOfPodsThatIsNone() {
        Map<String, String> selecting = without(
                "SERVER_POD_LABEL_VALUE",
                without(
                        "SERVER_POD_LABEL_NAME",
                        with("SERVER_POD_SELECTOR", "app in ()", "PROTECTED_POD_SELECTORS", "tier=lobby;a b")));
        assertThat(problems(selecting))
                .extracting(Problem::toString)
                .containsExactlyInAnyOrder(
                        "variable SERVER_POD_SELECTOR: server-pod-selector = app in () is no selector of pods: 'app in"
                                + " ()' names no value; write it as key in (a,b)",
                        "variable PROTECTED_POD_SELECTORS: protected-pod-selectors = tier=lobby;a b holds 'a b', which is"
                                + " no selector of pods: 'a b' is no selector term; write key=value, key!=value, key in"
                                + " (a,b), key notin (a,b), key or !key");
    }

    @Test
    void needsEverythingThatHasNoDefault() {
        assertThat(problems(Map.of("CLOUD_PROVIDER", "fake", "CLOUD_PROVIDER_TOKEN", TOKEN)))
                .extracting(Problem::key)
                .containsExactlyInAnyOrder(
                        "node-pool-name",
                        "node-selector",
                        "server-pod-label-name",
                        "server-pod-label-value",
                        "server-cpu-resource-request");
    }

    @Test
    void saysThatAVariableIsSetToNothingWhenItIsNeeded() {
        assertThat(problems(with("NODE_SELECTOR", "")))
                .singleElement()
                .hasToString("variable NODE_SELECTOR (set to nothing): node-selector is not set; set it in the file, by"
                        + " NODE_SELECTOR or by --set: the labels of the pool's nodes, such as role=scalable");
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource(delimiter = '|', textBlock = """
        BUFFER_SLOT_SIZE               | -1                | = -1 is below 0
        BUFFER_SLOT_SIZE               | 2.5               | is no whole number
        BUFFER_SLOT_SIZE               | 99999999999       | is above 2147483647
        MAXIMUM_NODE_POOL_SIZE         | 0                 | is below 1
        SCALE_LOOP_TICK_SEC            | 0                 | is below 1
        SCALE_LOOP_TICK_SEC            | 10s               | is no whole number in range; write a whole number of seconds
        EMPTY_NODE_EXPIRATION_SEC      | -5                | is below 0
        EMPTY_NODE_EXPIRATION_SEC      | 2m                | is no whole number in range; write a whole number of seconds
        PROVISIONING_TIMEOUT           | -15m              | is negative
        PROVISIONING_TIMEOUT           | 0s                | is too short; write 1s or longer
        PROVISIONING_TIMEOUT           | 39s               | is shorter than 4 times scale-loop-tick-sec = 10
        PROVISIONING_TIMEOUT           | 15 parsecs        | has the unknown unit 'parsecs'
        PROVISIONING_TIMEOUT           | a while           | is no duration
        PROVISIONING_TIMEOUT           | 999999999999d     | is longer than a hundred years
        CORDON_DELAY                   | 30                | has no unit; write 30s, 30m
        DRY_RUN                        | 1                 | is neither true nor false
        NODE_SELECTOR                  | a=b=c             | is no node selector
        SERVER_POD_LABEL_NAME          | _app              | is no label name
        SERVER_POD_LABEL_NAME          | Upper.com/app     | is no label name
        SERVER_POD_LABEL_VALUE         | game server       | is no label value
        SERVER_CPU_RESOURCE_REQUEST    | 0                 | is nothing; write an amount above 0
        SERVER_CPU_RESOURCE_REQUEST    | 0.5               | is no whole number of millicores
        SERVER_CPU_RESOURCE_REQUEST    | fast              | is no amount of cpu
        SERVER_CPU_RESOURCE_REQUEST    | -1                | is no amount of cpu
        SERVER_MEMORY_RESOURCE_REQUEST | 512               | is less than a mebibyte
        SERVER_MEMORY_RESOURCE_REQUEST | 512m              | is less than a mebibyte
        SERVER_RESOURCE_REQUESTS       | gpu               | is no list of name=amount
        SERVER_RESOURCE_REQUESTS       | cpu=1             | names cpu, which has no place here
        SERVER_RESOURCE_REQUESTS       | gpu=1,gpu=2       | names a resource twice
        SERVER_RESOURCE_REQUESTS       | gpu=many          | has gpu, which is no amount of gpu
        NODE_CPU_ALLOCATABLE           | 499               | is more than a whole node has: 500m against
        STARTUP_TAINTS                 | a=b:NoSchedule    | holds 'a=b:NoSchedule', which is no taint key
        CLUSTER_KUBE_CONFIG_PATH       | /no/such/file     | is no file that can be read
        CLUSTER_KUBE_CONFIG_MASTER_URL | 10.0.0.1          | is no address of an API server
        LEADER_ELECTION_LEASE_NAME     | A_B               | is no name of an object
        LEADER_ELECTION_NAMESPACE      | a.b               | is no namespace
        LEADER_ELECTION_LEASE_DURATION | 10s               | leader-election.renew-deadline = 10s must be shorter than
        LEADER_ELECTION_LEASE_DURATION | 15500ms           | is not in whole seconds
        LEADER_ELECTION_RENEW_DEADLINE | 5s                | leader-election.retry-period = 5s must be shorter than
        LEADER_ELECTION_RETRY_PERIOD   | 1s                | is too short; write 2s or longer
        HTTP_PORT                      | 65536             | is above 65535
        HTTP_PORT                      | tcp://10.0.0.7:80 | enableServiceLinks
        LOG_FORMAT                     | xml               | is none of plain, json
        LOG_LEVEL                      | loud              | is none of error, warn, info, debug, trace
        CLOUD_PROVIDER                 | faek              | names no provider that was found; did you mean fake?; there are: fake
        PROVIDERS_FAKE_REGION          | mars              | where there is no cloud; use earth
        PROVIDERS_FAKE_REGION          | boom              | could not check its settings
        NODE_POOLS                     | games             | is no list of pools
        NODE_POOLS                     | []                | is no list of pools
        NODE_POOLS                     | [{name = x        | is no valid HOCON list or object
        """)
    void refusesAWrongValue(String variable, String value, String complaint) {
        assertThat(problems(with(variable, value))).singleElement().asString().contains(complaint);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        kubescaler.bufferSlotSize = 1          | bufferSlotSize is no key; did you mean buffer-slot-size?
        kubescaler.BUFFER_SLOT_SIZE = 1        | BUFFER_SLOT_SIZE is no key; did you mean buffer-slot-size?
        kubescaler.http.prot = 1               | http.prot is no key; did you mean http.port?
        kubescaler.http = 8080                 | http is a group of keys and takes no value itself
        kubescaler.zebra = 1                   | zebra is no key; config.example.conf shows all of them
        kubescaler.providers.faek.region = x   | providers.faek names no provider that was found; did you mean fake?
        kubescaler.providers.fake.regoin = x   | providers.fake.regoin is no key; did you mean region?
        kubescaler.providers.fake = x          | providers.fake takes an object
        kubescaler.providers = x               | providers is a group of keys
        kubescaler.providers.fake.region = [x] | providers.fake.region has the wrong type
        buffer-slot-size = 4                   | stands outside of kubescaler { … }; did you mean kubescaler.buffer-slot-size?
        kubescalr.buffer-slot-size = 4         | kubescalr is no key; did you mean kubescaler?
        anything = 4                           | stands outside of kubescaler
        kubescaler = 4                         | kubescaler is a group of keys
        kubescaler.maximum-node-pool-size = [] | maximum-node-pool-size = [] has the wrong type
        kubescaler.startup-taints = [[x]]      | is no list of texts
        kubescaler.cluster-name = { a = b }    | is no text
        """)
    void refusesAWrongKeyOrTypeWithFileAndLine(String line, String complaint) throws Exception {
        Path file = file("# a comment\n" + line);

        assertThat(problems(file, ENOUGH)).singleElement().satisfies(problem -> {
            assertThat(problem).asString().contains(complaint);
            assertThat(problem.origin()).isEqualTo(file + ":2");
        });
    }

    @Test
    void refusesALeaseThatLeavesTooLittleToChangeANodeTogetherWithAllElse() {
        assertThat(problems(with(
                        "LEADER_ELECTION_ENABLED",
                        "true",
                        "LEADER_ELECTION_NAMESPACE",
                        "scaler",
                        "LEADER_ELECTION_LEASE_DURATION",
                        "13s",
                        "LOG_LEVEL",
                        "loud")))
                .extracting(Problem::toString)
                .containsExactlyInAnyOrder(
                        "variable LEADER_ELECTION_LEASE_DURATION: leader-election.lease-duration = 13s leaves too"
                                + " little for a change of a node begun at the last moment, which may take 5s; with"
                                + " leader-election.renew-deadline = 10s write 14s or longer, or shorten that",
                        "variable LOG_LEVEL: log.level = loud is none of error, warn, info, debug, trace");
    }

    @Test
    void measuresALeaseInAClusterWhereReplicasElectALeaderUnlessToldNotTo() throws Exception {
        Map<String, String> short13 = with("LEADER_ELECTION_LEASE_DURATION", "13s");
        Map<String, String> inCluster = new HashMap<>(short13);
        inCluster.put("KUBERNETES_SERVICE_HOST", "10.0.0.1");
        inCluster.put("POD_NAMESPACE", "scaler");

        assertThat(problems(inCluster)).extracting(Problem::key).containsExactly("leader-election.lease-duration");
        assertThat(load(short13).settings().leaderElection().lease()).isEmpty();
        assertThat(load(inCluster, "leader-election.enabled=false").settings().pools())
                .hasSize(1);
        assertThat(load(with(
                                "LEADER_ELECTION_LEASE_DURATION",
                                "14s",
                                "LEADER_ELECTION_ENABLED",
                                "true",
                                "LEADER_ELECTION_NAMESPACE",
                                "scaler"))
                        .settings()
                        .pools())
                .hasSize(1);
    }

    @Test
    void tellsTheProviderHowLongARequestMayTakeUnderTheLease() throws Exception {
        Map<String, String> elected = with("LEADER_ELECTION_ENABLED", "true", "LEADER_ELECTION_NAMESPACE", "scaler");

        assertThat(pool(elected).context().longestWrite()).contains(Duration.ofSeconds(6));
        assertThat(pool(ENOUGH).context().longestWrite()).isEmpty();
        assertThat(problems(elected, "providers.fake.region=slow"))
                .singleElement()
                .hasToString("--set: providers.fake.region is slow, where a request may outlast PT6S");
        assertThat(load(ENOUGH, "providers.fake.region=slow").settings().pools())
                .hasSize(1);
    }

    @Test
    void refusesADefaultThatWasTakenAway() throws Exception {
        assertThat(problems(file("kubescaler.buffer-slot-size = null"), ENOUGH))
                .singleElement()
                .asString()
                .contains("buffer-slot-size is not set; set it in the file, by BUFFER_SLOT_SIZE");
    }

    @Test
    void refusesWhatIsWrongWithPools() throws Exception {
        Path file = file("""
            kubescaler {
              node-pools = [
                { name = one, bufer-slot-size = 1 }
                { name = one, node-selector = "role=two", http.port = 1 }
                { node-selector = "role=three", cordon-delay = 5 }
                { name = four, node-selector = "role=two", log.level = info }
              ]
            }
            """);

        assertThat(problems(file, ENOUGH))
                .extracting(Problem::toString)
                .containsExactlyInAnyOrder(
                        file + ":3: node-pools[0].bufer-slot-size is no key; did you mean buffer-slot-size?",
                        file + ":4: node-pools[1].name = one is the name of node-pools[0] too; give each pool its own",
                        file + ":4: node-pools[1].http belongs to the whole scaler, not to one pool; set it beside"
                                + " node-pools",
                        file + ":5: node-pools[2].name is not set to a text; give each pool a name of its own",
                        file + ":5: node-pools[2].cordon-delay = 5 has no unit; write 5s, 5m or whatever is meant (ms,"
                                + " s, m, h, d)",
                        file
                                + ":6: node-pools[3].node-selector = role=two selects the nodes of node-pools[1] too;"
                                + " every pool needs nodes of its own",
                        file + ":6: node-pools[3].log belongs to the whole scaler, not to one pool; set it beside"
                                + " node-pools",
                        "variable NODE_POOL_NAME: node-pool-name = games is for a single pool; with node-pools, each"
                                + " entry names its own");
    }

    @Test
    void refusesOneCloudPoolUnderTwoNames() throws Exception {
        Path file = file("""
            kubescaler.node-pools = [
              { name = one, node-selector = "role=one", node-pool-name = shared }
              { name = two, node-selector = "role=two", node-pool-name = shared }
            ]
            """);

        assertThat(problems(file, without("NODE_POOL_NAME", ENOUGH)))
                .singleElement()
                .hasToString(
                        file + ":3: node-pools[1].node-pool-name = shared is the cloud's pool of node-pools[0] too;"
                                + " two pools cannot share one");
    }

    @Test
    void namesTheEntryWhenItLacksWhatTheFlatKeysLackToo() throws Exception {
        Path file = file("kubescaler.node-pools = [\n  { name = one }\n]");

        assertThat(problems(file, without("NODE_POOL_NAME", without("NODE_SELECTOR", ENOUGH))))
                .singleElement()
                .hasToString(
                        file + ":2: node-pools[0].node-selector is not set; set it in the file, by NODE_SELECTOR or"
                                + " by --set: the labels of the pool's nodes, such as role=scalable");
    }

    @Test
    void namesTheVariableWhenTheTokensFileCannotBeUsed() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty"), " \n");
        Path missing = folder.resolve("missing");

        assertThat(problems(without("CLOUD_PROVIDER_TOKEN", with("CLOUD_PROVIDER_TOKEN_FILE", missing))))
                .singleElement()
                .hasToString("variable CLOUD_PROVIDER_TOKEN_FILE: cloud-provider-token names the file " + missing
                        + ", which cannot be read; name a readable text file with nothing but the secret");
        assertThat(problems(without("CLOUD_PROVIDER_TOKEN", with("CLOUD_PROVIDER_TOKEN_FILE", empty))))
                .singleElement()
                .hasToString("variable CLOUD_PROVIDER_TOKEN_FILE: cloud-provider-token names the file " + empty
                        + ", which is empty");
        assertThat(problems(with("CLOUD_PROVIDER_TOKEN_FILE", empty)))
                .singleElement()
                .hasToString("variable CLOUD_PROVIDER_TOKEN: cloud-provider-token is set beside"
                        + " CLOUD_PROVIDER_TOKEN_FILE; set one of the two");
    }

    @Test
    void pointsIntoAnIncludedFile() throws Exception {
        Files.writeString(folder.resolve("pool.conf"), "kubescaler.buffer-slot-size = x");

        assertThat(problems(file("include \"pool.conf\""), ENOUGH))
                .singleElement()
                .satisfies(problem -> assertThat(problem.origin()).endsWith("pool.conf:1"));
    }

    @Test
    void saysWhereASubstitutionLeadsNowhere() throws Exception {
        Path file = file("kubescaler {\n  cluster-name = ${NOWHERE}\n}");

        assertThat(problems(file, ENOUGH)).singleElement().satisfies(problem -> {
            assertThat(problem.origin()).isEqualTo(file + ":2");
            assertThat(problem.message()).contains("neither the configuration nor the environment has");
        });
    }

    @Test
    void saysWhereAFileIsBroken() throws Exception {
        Path file = file("kubescaler {\n  cluster-name = \"open\n}");

        assertThat(problems(file, ENOUGH)).singleElement().satisfies(problem -> {
            assertThat(problem.origin()).isEqualTo(file + ":2");
            assertThat(problem.message()).contains("is no valid HOCON or JSON");
        });
    }

    @Test
    void saysThatAFileIsMissing() {
        Path missing = folder.resolve("missing.conf");

        assertThat(problems(missing, ENOUGH))
                .singleElement()
                .hasToString("--config: %s does not exist; name a readable configuration file".formatted(missing));
        assertThat(problems(with("KUBESCALER_CONFIG", folder)))
                .singleElement()
                .hasToString(
                        "variable KUBESCALER_CONFIG: %s cannot be read as a file; name a readable configuration file"
                                .formatted(folder));
    }

    @Test
    void refusesMalformedAssignments() {
        assertThat(problems(ENOUGH, TOKEN, "=1", "a..b=1"))
                .extracting(Problem::toString)
                .containsExactly(
                        "--set: takes key=value, such as --set buffer-slot-size=8",
                        "--set: has a malformed key; write it as in a file, such as http.port or"
                                + " server-resource-requests.\"example.com/gpu\"");
        assertThat(problems(ENOUGH, "bufer-slot-size=1"))
                .singleElement()
                .hasToString("--set: bufer-slot-size is no key; did you mean buffer-slot-size?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cloud-provider-token = [SECRET]",
                "cloud-provider-token { value = SECRET }",
                "cloud-provider-token = \"SECRET twice\"",
                "cloud-provider-token = SECRET\n cluster-name = [SECRET]",
                "cloud-provider-tokn = SECRET",
                "cloud-provider-token = SECRET = x",
                "cloud-provider-token = \"SECRET\n",
                "cloud-provider-token = ${x} SECRET",
                "providers.fake.second-secret = [SECRET]",
                "providers.fake.secnd-secret = SECRET",
                "providers.fake { second-secret = SECRET, region = mars }",
                "cluster-kube-config-master-url = \"ftp://me:SECRET@host\"",
                "node-pools = [ { name = a, cloud-provider-token = [SECRET] } ]",
                "node-pools = [ { name = a, cloud-provider-tokn = SECRET } ]"
            })
    void showsNoSecretWhateverIsWrong(String line) throws Exception {
        Path file = file("kubescaler {\n " + line.replace("SECRET", TOKEN) + "\n}");

        assertThat(problems(file, without("CLOUD_PROVIDER_TOKEN", ENOUGH)))
                .isNotEmpty()
                .allSatisfy(problem -> assertThat(problem.toString()).doesNotContain(TOKEN));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "include url(\"%s/a.conf\")",
                "include \"%s/a.conf\"",
                "include required(url(\"%s/a.conf\"))",
                "kubescaler.server-resource-requests { include \"%s/a.conf\" }",
                "include classpath(\"reference.conf\")"
            })
    void refusesAnIncludeThatIsNoFileAndReachesNoNetwork(String include) throws IOException {
        try (ServerSocket network = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            network.setSoTimeout(1);
            String url = "http://127.0.0.1:" + network.getLocalPort();
            assertThat(problems(file(include.formatted(url)), ENOUGH))
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.message()).contains("nothing is read from a network"));
            assertThatThrownBy(network::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void includesFilesFromTheFolderOfTheFileThatIncludesThem() throws Exception {
        Path below = Files.createDirectory(folder.resolve("below"));
        Files.writeString(below.resolve("first.conf"), "include \"second\"\ninclude file(\"../third.json\")");
        Files.writeString(below.resolve("second.conf"), "kubescaler.buffer-slot-size = 7");
        Files.writeString(folder.resolve("third.json"), "{\"kubescaler\": {\"maximum-node-pool-size\": 9}}");

        var policy = load(file("include required(\"below/first.conf\")"), ENOUGH)
                .settings()
                .pools()
                .get(0)
                .policy();

        assertThat(policy.buffer()).isEqualTo(7);
        assertThat(policy.maximum()).isEqualTo(9);
    }

    @Test
    void includesFilesBesideAFileThatIsNamedWithoutItsFolder() throws Exception {
        Path shared = Files.createTempFile(Path.of(""), "shared", ".conf");
        Path bare = Files.createTempFile(Path.of(""), "bare", ".conf");
        try {
            Files.writeString(shared, "kubescaler.buffer-slot-size = 7");
            Files.writeString(bare, "include \"%s\"".formatted(shared));
            assertThat(bare.getParent()).isNull();
            assertThat(load(bare, ENOUGH).settings().pools().get(0).policy().buffer())
                    .isEqualTo(7);

            Files.delete(shared);
            assertThat(problems(bare, ENOUGH))
                    .singleElement()
                    .hasToString("%s:1: includes \"%s\", which is not there; it was looked for as %s"
                            .formatted(bare, shared, shared.toAbsolutePath()));
        } finally {
            Files.deleteIfExists(shared);
            Files.delete(bare);
        }
    }

    @Test
    void namesEveryIncludedFileThatIsNotThere() throws Exception {
        Path nested = Files.writeString(folder.resolve("nested.conf"), "\ninclude \"deeper.conf\"");
        Path file = file("""
                # include "pool"
                include "pool"
                include required("other.conf")
                kubescaler { include file("third.json") }
                include "nested.conf"
                """);

        assertThat(problems(file, ENOUGH))
                .extracting(Problem::toString)
                .containsExactly(
                        ("%s:2: includes \"pool\", which is not there; it was looked for as %s/pool.conf and"
                                        + " %s/pool.json and %s/pool.properties")
                                .formatted(file, folder, folder, folder),
                        "%s:3: includes \"other.conf\", which is not there; it was looked for as %s/other.conf"
                                .formatted(file, folder),
                        "%s:4: includes \"third.json\", which is not there; it was looked for as %s/third.json"
                                .formatted(file, folder),
                        "%s:2: includes \"deeper.conf\", which is not there; it was looked for as %s/deeper.conf"
                                .formatted(nested, folder));
    }

    @Test
    void namesIncludesInACircle() throws Exception {
        Path other = Files.writeString(folder.resolve("other.conf"), "include \"kubescaler.conf\"");

        assertThat(problems(file("include \"other.conf\""), ENOUGH))
                .singleElement()
                .hasToString(other + ":1: includes \"kubescaler.conf\", which includes this file again; take one of the"
                        + " two includes out");
    }

    @Test
    void includesNothingOutsideOfFiles() {
        assertThat(problems(ENOUGH, "server-resource-requests={ include \"a.conf\" }"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("only a configuration file may"));
    }

    @Test
    void includesFilesBesideTheFile() throws Exception {
        Files.writeString(folder.resolve("shared.conf"), "kubescaler.buffer-slot-size = 7");
        Path file = file(
                "include \"shared.conf\"\ninclude required(file(\"%s\"))".formatted(folder.resolve("shared.conf")));
        assertThat(load(file, ENOUGH).settings().pools().get(0).policy().buffer())
                .isEqualTo(7);
    }
}
