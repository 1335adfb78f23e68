package io.kubescaler.app.demo;

import static io.kubescaler.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.kubescaler.app.demo.DemoCommand.Ending;
import io.kubescaler.testing.Patience;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class DemoCommandTest {
    // one document to the end of the input, or it fails
    private static final ObjectReader ONE_DOCUMENT =
            new ObjectMapper().readerFor(JsonNode.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<Thread> hooks = new CopyOnWriteArrayList<>();

    @Test
    void printsOneJsonDocumentAndNothingElse() throws IOException {
        // an hour of simulated time in a tenth of a second
        assertThat(run("--output", "json", "--for", "100ms", "--speed", "36000"))
                .isZero();
        JsonNode document = ONE_DOCUMENT.readValue(out.toString());

        assertThat(document.get("simulatedSeconds").asDouble()).isEqualTo(3600);
        assertThat(document.at("/servers/created").asInt()).isGreaterThan(50);
        assertThat(document.at("/servers/killed").asInt()).isZero();
        assertThat(document.at("/nodeHours").asDouble()).isPositive();
        assertThat(document.at("/waits/count").isInt()).isTrue();
        assertThat(document.at("/waits/p50Seconds").isDouble()).isTrue();
        assertThat(document.at("/waits/p99Seconds").isDouble()).isTrue();
        assertThat(document.at("/waits/maxSeconds").isDouble()).isTrue();
        for (String type : List.of("grow", "cordon", "uncordon", "delete")) {
            assertThat(document.at("/actions/" + type).asInt()).as(type).isPositive();
        }
        assertThat(document.get("passes")).isNotEmpty().allSatisfy(pass -> {
            assertThat(pass.get("pool").asText()).isEqualTo("demo");
            assertThat(pass.get("actions")).isNotEmpty().allSatisfy(action -> {
                assertThat(action.get("reason").asText()).isNotBlank();
                assertThat(action.get("message").asText()).containsPattern("\\d");
            });
            assertThat(pass.get("nodes")).isNotEmpty();
        });
        assertThat(typesDone(document)).contains("grow", "cordon", "uncordon", "delete");
    }

    @Test
    void printsTheSameBytesForTheSameSeedAndOthersForAnother() {
        String[] hour = {"--output", "json", "--for", "100ms", "--speed", "36000", "--seed", "7"};
        run(hour);
        String first = out.toString();
        out.getBuffer().setLength(0);
        run(hour);

        assertThat(out.toString()).isEqualTo(first);
        hour[hour.length - 1] = "8";
        out.getBuffer().setLength(0);
        run(hour);
        assertThat(out.toString()).isNotEqualTo(first);
    }

    @Test
    void tellsAsTextWhatHappensAndWhy() {
        assertThat(run("--for", "100ms", "--speed", "36000")).isZero();

        assertThat(out.toString())
                .contains("time", "servers", "free/required", "2 active")
                .containsPattern("grow +\\d+ -> \\d+ nodes \\(Short\\): \\d+ slots are free, \\d+ are coming")
                .containsPattern("cordon +demo-\\d+ \\(Surplus\\): \\d+ slots are free")
                .containsPattern("uncordon +demo-\\d+ \\(TakenBack\\): ")
                .containsPattern("delete +machine-\\d+|delete +demo-\\d+")
                .contains("(Expired): empty since")
                .contains("0 killed by the scaler")
                .endsWith(" node-hours%n".formatted());
    }

    @Test
    void refusesWhatCannotBeMeantAndNamesIt() {
        assertThat(run("--speed", "0")).isEqualTo(2);
        assertThat(err.toString()).contains("--speed 0.0: it must be above 0");
        assertThat(run("--port", "70000")).isEqualTo(2);
        assertThat(err.toString()).contains("--port 70000");
        assertThat(run("--for", "0s")).isEqualTo(2);
        assertThat(err.toString()).contains("--for 0s: it must be above 0");
        for (String time : List.of("30", "-5s", "1m..2m", "soon")) {
            assertThat(run("--for", time)).as(time).isEqualTo(2);
            assertThat(err.toString()).contains("'%s' is no time; write a number with a unit".formatted(time));
        }
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void endsWithItsTotalsWhenTheProcessIsAskedToEnd() {
        Ending asksAtOnce = new Ending() {
            @Override
            public void runAtEnd(Thread thread) {
                hooks.add(thread);
                thread.start();
            }

            @Override
            public void forget(Thread thread) {
                hooks.remove(thread);
            }
        };
        assertThat(execute(new DemoCommand(new PrintWriter(out), DemoTest::policy, asksAtOnce)))
                .isZero();

        assertThat(out.toString()).contains("0 killed by the scaler");
        assertThat(hooks).as("nothing is left to run").isEmpty();
    }

    @Test
    void servesItsPassesWhileItRuns() throws Exception {
        DemoCommand command = new DemoCommand(new PrintWriter(out), DemoTest::policy, new Ending() {
            @Override
            public void runAtEnd(Thread thread) {
                hooks.add(thread);
            }

            @Override
            public void forget(Thread thread) {}
        });
        CompletableFuture<Integer> status =
                CompletableFuture.supplyAsync(() -> execute(command, "--port", "0", "--speed", "600"));
        Pattern address = Pattern.compile("The API is at (http://127\\.0\\.0\\.1:\\d+/api/v1/pools)\\.");
        await().until(() -> address.matcher(out.toString()).find());
        Matcher said = address.matcher(out.toString());
        assertThat(said.find()).isTrue();
        HttpRequest pools = HttpRequest.newBuilder(URI.create(said.group(1))).build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(pools, HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"demo\"");
        hooks.forEach(Thread::start);
        assertThat(status.get(Patience.SECONDS, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void saysSoWhenItsPortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(run("--port", String.valueOf(taken.getLocalPort()), "--for", "1s"))
                    .as("it failed while running, as run does")
                    .isEqualTo(1);
            assertThat(err.toString()).contains("--port " + taken.getLocalPort(), "in use");
        }
    }

    private static List<String> typesDone(JsonNode document) {
        return StreamSupport.stream(document.get("passes").spliterator(), false)
                .flatMap(pass -> StreamSupport.stream(pass.get("actions").spliterator(), false))
                .filter(action -> action.path("outcome").asText().equals("done"))
                .map(action -> action.get("type").asText())
                .toList();
    }

    private int run(String... arguments) {
        return execute(new DemoCommand(new PrintWriter(out), DemoTest::policy), arguments);
    }

    private int execute(DemoCommand command, String... arguments) {
        return new CommandLine(command).setErr(new PrintWriter(err)).execute(arguments);
    }
}
