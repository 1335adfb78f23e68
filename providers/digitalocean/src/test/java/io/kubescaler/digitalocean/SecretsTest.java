package io.kubescaler.digitalocean;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import io.kubescaler.provider.Deletion;
import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.ProviderContext;
import io.kubescaler.provider.ProviderException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The token goes to the cloud and nowhere else, whatever fails and however the cloud repeats it. */
final class SecretsTest {
    private final CloudStub cloud = new CloudStub();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Level level = root.getLevel();
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final StringBuilder shown = new StringBuilder();

    @BeforeEach
    void listen() {
        // the lowest level of our own loggers and of the HTTP client's
        root.setLevel(Level.TRACE);
        root.detachAppender("console");
        logged.start();
        root.addAppender(logged);
    }

    @AfterEach
    void close() {
        root.detachAppender(logged);
        root.setLevel(level);
        cloud.close();
    }

    static Stream<ResponseDefinitionBuilder> failures() {
        String echo = "the token was " + CloudStub.TOKEN;
        Stream<ResponseDefinitionBuilder> statuses = IntStream.of(301, 400, 401, 403, 404, 408, 422, 429, 500, 503)
                .boxed()
                .flatMap(status -> Stream.of(
                                "{\"id\":\"%1$s\",\"message\":\"%1$s\",\"request_id\":\"%1$s\"}".formatted(echo),
                                "<html>" + echo + "</html>",
                                "x".repeat(295) + CloudStub.TOKEN)
                        .map(body -> aResponse()
                                .withStatus(status)
                                .withHeader("x-request-id", CloudStub.TOKEN)
                                .withHeader("Location", "https://example.com/?" + CloudStub.TOKEN)
                                .withBody(body)));
        Stream<ResponseDefinitionBuilder> others = Stream.of(
                aResponse().withBody(CloudStub.TOKEN),
                aResponse().withBody("{\"kubernetes_clusters\": " + CloudStub.TOKEN),
                aResponse()
                        .withBody(
                                "{\"kubernetes_clusters\": [], \"links\": {\"pages\": {\"next\": \"https://example.com/"
                                        + CloudStub.TOKEN + "\"}}}"),
                aResponse().withFixedDelay(10_000),
                aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER),
                aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK));
        return Stream.concat(statuses, others);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void showsTheTokenNowhereWhateverFails(ResponseDefinitionBuilder failure) {
        cloud.answerEverything(failure);
        useEverything(Map.of("request-timeout", "200ms"));

        assertNothingShown();
    }

    @ParameterizedTest
    @ValueSource(strings = {"running", "servers-3niq", "production", "servers", "active"})
    void showsTheTokenNowhereWhateverTextOfASuccessHasIt(String text) {
        String echo = "x" + CloudStub.TOKEN + "\\n\\u001b[31m";
        for (String file : List.of("clusters", "pools", "pool", "account")) {
            String body = CloudStub.body(file);
            cloud.answer(
                    "GET",
                    Map.of(
                                    "clusters", CloudStub.CLUSTERS_PATH,
                                    "pools", CloudStub.POOLS_PATH,
                                    "pool", CloudStub.POOL_PATH,
                                    "account", CloudStub.ACCOUNT_PATH)
                            .get(file),
                    aResponse()
                            .withBody(body.replace("\"" + text + "\"", "\"" + echo + "\"")
                                    .replace("message\": \"", "message\": \"" + echo)));
        }
        NodePoolProvider provider = cloud.provider(cloud.context(Map.of()));
        attempt(() -> show(provider.describe()));
        show(provider.preflight(10));
        assertNothingShown();
        assertThat(shown.toString()).doesNotContain("\u001b");
    }

    @Test
    void showsTheTokenNowhereWhenAllGoesWell() {
        useEverything(Map.of());

        assertThat(cloud.requests("PUT", CloudStub.POOL_PATH).get(0).getHeader("Authorization"))
                .as("it does go to the cloud")
                .isEqualTo("Bearer " + CloudStub.TOKEN);
        assertNothingShown();
    }

    private void useEverything(Map<String, String> settings) {
        ProviderContext context = cloud.context(settings);
        NodePoolProvider provider = cloud.provider(context);
        show(context);
        show(provider);
        show(cloud.factory());
        attempt(provider::describe);
        attempt(() -> provider.grow(5));
        provider.delete(List.of(CloudStub.NODE, "..")).stream()
                .map(Deletion::error)
                .forEach(error -> error.ifPresent(this::show));
        show(provider.preflight(10));
    }

    @FunctionalInterface
    private interface Call {
        void run() throws ProviderException;
    }

    private void attempt(Call call) {
        try {
            call.run();
        } catch (ProviderException failure) {
            show(failure);
        }
    }

    private void show(Object object) {
        shown.append(object).append('\n');
        if (object instanceof Throwable failure) {
            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace, true));
            shown.append(trace);
        }
    }

    private void assertNothingShown() {
        for (ILoggingEvent event : List.copyOf(logged.list)) {
            shown.append(event.getFormattedMessage()).append('\n');
            if (event.getThrowableProxy() != null) {
                shown.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
        }
        assertThat(logged.list).as("something was logged at all").isNotEmpty();
        assertThat(shown.toString())
                .doesNotContain(CloudStub.TOKEN)
                // nor the start of it, where a text was cut
                .doesNotContain("dop_v1");
    }
}
