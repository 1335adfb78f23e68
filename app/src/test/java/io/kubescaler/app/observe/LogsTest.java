package io.kubescaler.app.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kubescaler.app.config.Settings.LogSettings;
import io.kubescaler.app.config.Settings.LogSettings.Format;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogsTest {
    private static final String TOKEN = "dop_v1_0123456789abcdef";

    private final LoggerContext context = new LoggerContext();
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    @BeforeEach
    void prepare() {
        // what slf4j's own start gives to its context
        context.setMDCAdapter(new LogbackMDCAdapter());
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void writesPlainLinesForPeople() {
        configure(Format.PLAIN, "info");
        logger("io.kubescaler.app.Something").info("pool {} has {} nodes", "games", 3);

        assertThat(written())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO  \\[.*] Something: pool games has 3"
                        + " nodes\\R");
    }

    @Test
    void writesOneJsonObjectALine() throws Exception {
        configure(Format.JSON, "info");
        logger("a").atInfo().addKeyValue("pool", "games").log("line\none {}", 1);
        logger("a").warn("it failed", new IllegalStateException("boom"));

        List<String> lines = written().lines().toList();
        assertThat(lines).hasSize(2);
        JsonNode first = new ObjectMapper().readTree(lines.get(0));
        assertThat(first.get("level").asText()).isEqualTo("INFO");
        assertThat(first.get("formattedMessage").asText()).isEqualTo("line\none 1");
        assertThat(first.get("fields").get("pool").asText()).isEqualTo("games");
        assertThat(first.has("kvpList")).isFalse();
        assertThat(first.get("timestamp").isNumber()).isTrue();
        JsonNode second = new ObjectMapper().readTree(lines.get(1));
        assertThat(second.get("throwable").get("message").asText()).isEqualTo("boom");
    }

    @Test
    void letsNobodyForgeAPlainLineOrSpeakToTheTerminal() {
        configure(Format.PLAIN, "info");
        String name = "a\r\n2026-01-01T00:00:00.000Z INFO  [main] ActionRunner: all is well\u001b[2J";
        logger("a").warn("node {} is odd", name, new IllegalStateException("of \u001b[2J"));

        assertThat(written()).doesNotContain("\u001b").containsOnlyOnce("IllegalStateException");
        assertThat(written().lines().filter(line -> line.startsWith("2"))).hasSize(1);
    }

    @Test
    void masksTheSecretWhereverItComesFrom() {
        for (Format format : Format.values()) {
            configure(format, "debug");
            logger("a").info("sent {}", "Bearer " + TOKEN);
            logger("a").atInfo().addKeyValue("token", TOKEN).log("with a pair");
            logger("a").error("failed", new IllegalStateException("outer", new RuntimeException("with " + TOKEN)));
            logger(TOKEN).info("a logger of that name");
        }

        assertThat(written()).doesNotContain(TOKEN).contains("Bearer ***").contains("with ***");
    }

    @Test
    void keepsToTheLevel() {
        configure(Format.PLAIN, "warn");
        logger("a").info("too much");
        logger("a").warn("enough");

        assertThat(written()).doesNotContain("too much").contains("enough");
    }

    @Test
    void quietensTalkativeLibrariesAndNoPlugin() {
        configure(Format.PLAIN, "trace");
        logger("okhttp3.internal").debug("Authorization: something");
        logger("org.eclipse.jetty.server").info("started");
        logger("com.example.filecloud").trace("from a plug-in");
        logger("okhttp3.internal").warn("a leak");

        assertThat(written())
                .doesNotContain("Authorization")
                .doesNotContain("started")
                .contains("from a plug-in")
                .contains("a leak");
    }

    @Test
    void quietensTalkativeLibrariesFurtherWhenAskedTo() {
        configure(Format.PLAIN, "error");
        logger("okhttp3.internal").warn("a leak");

        assertThat(written()).isEmpty();
    }

    @Test
    void isFoundByLogbackForTheTimeBeforeTheSettings() {
        assertThat(ServiceLoader.load(Configurator.class).stream().map(ServiceLoader.Provider::type))
                .contains(EarlyLogs.class);
        EarlyLogs early = new EarlyLogs(name -> false);
        early.setContext(context);

        assertThat(early.configure(context)).isEqualTo(Configurator.ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY);
        assertThat(logger("a").isWarnEnabled()).isTrue();
        assertThat(logger("a").isInfoEnabled()).isFalse();
    }

    @Test
    void leavesTheWayToALogbackFile() {
        EarlyLogs early = new EarlyLogs("logback.xml"::equals);

        assertThat(early.configure(context)).isEqualTo(Configurator.ExecutionStatus.INVOKE_NEXT_IF_ANY);
        assertThat(new EarlyLogs().configure(context))
                .as("these tests have a logback-test.xml")
                .isEqualTo(Configurator.ExecutionStatus.INVOKE_NEXT_IF_ANY);
    }

    private void configure(Format format, String level) {
        Logs.configure(context, new LogSettings(format, level), SecretMask.of(List.of(TOKEN)), output);
    }

    private Logger logger(String name) {
        return context.getLogger(name);
    }

    private String written() {
        return output.toString(StandardCharsets.UTF_8);
    }
}
