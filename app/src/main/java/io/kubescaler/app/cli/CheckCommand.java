package io.kubescaler.app.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kubescaler.app.config.Configuration;
import io.kubescaler.app.config.ConfigurationException;
import io.kubescaler.app.config.EffectiveValue;
import io.kubescaler.app.config.Problem;
import io.kubescaler.app.config.Purpose;
import io.kubescaler.app.config.Settings;
import io.kubescaler.app.config.Settings.PoolSettings;
import io.kubescaler.app.options.OutputOption;
import io.kubescaler.app.output.Documents;
import io.kubescaler.app.output.Table;
import io.kubescaler.app.plugins.ProviderCatalog;
import io.kubescaler.kubernetes.events.OwnPod;
import io.kubescaler.provider.Finding;
import io.kubescaler.provider.Finding.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Checks the configuration and, when asked, that the cluster and the cloud can be reached and let us do our work. */
@Command(
        name = "check",
        description = {
            "Checks the configuration and shows what is in force, secrets masked.",
            "With --connect, also reaches the cluster and the cloud, checks the permissions and makes a pass on paper;",
            "it changes nothing."
        })
final class CheckCommand implements Callable<Integer> {
    private final Surroundings surroundings;
    private final GlobalOptions options;

    @Mixin
    private final OutputOption output = new OutputOption();

    @Option(
            names = "--connect",
            description =
                    "reaches the cluster and the cloud too, and exits 1 when something there would stop the scaler")
    private boolean connect;

    CheckCommand(Surroundings surroundings, GlobalOptions options) {
        this.surroundings = surroundings;
        this.options = options;
    }

    @Override
    public Integer call() throws ConfigurationException, InterruptedException {
        try (ProviderCatalog catalog = Providers.open(surroundings)) {
            Configuration configuration = options.configuration(surroundings, catalog, Purpose.SCALE);
            List<Finding> findings = findings(configuration.settings(), catalog);
            boolean ok = inOrder(findings);
            show(configuration, findings, ok);
            return ok ? ExitStatus.DONE : ExitStatus.FAILED;
        } catch (ConfigurationException e) {
            if (!output.json()) {
                throw e;
            }
            Documents.write(surroundings.out(), document(e));
            return ExitStatus.REFUSED;
        }
    }

    private List<Finding> findings(Settings settings, ProviderCatalog catalog) throws InterruptedException {
        List<Finding> findings = new ArrayList<>(selectors(settings));
        if (!connect) {
            return findings;
        }
        findings.addAll(new ClusterCheck(
                        settings, Connections.factory(settings, surroundings), OwnPod.of(surroundings.environment()))
                .findings());
        findings.addAll(new CloudCheck(settings, catalog).findings());
        // a pass would only stumble over the same once more
        if (inOrder(findings)) {
            findings.addAll(new PassCheck(settings, new LivePlans(settings, surroundings, catalog)).findings());
        }
        return findings;
    }

    private static boolean inOrder(List<Finding> findings) {
        return findings.stream().noneMatch(it -> it.severity() == Severity.ERROR);
    }

    // what only says what servers do not carry takes in DaemonSets and whatever else runs in the cluster
    private static List<Finding> selectors(Settings settings) {
        return settings.pools().stream()
                .map(PoolSettings::policy)
                .filter(policy -> policy.serverSelector().wanted().isEmpty())
                .map(policy -> Finding.warning(
                        "servers of the pool " + policy.pool(),
                        "%s names no label that a server carries, so nearly every pod of the cluster is one and keeps its"
                                        .formatted(policy.serverSelector())
                                + " node; add a term such as app=game-server"))
                .toList();
    }

    private void show(Configuration configuration, List<Finding> findings, boolean ok) {
        if (output.json()) {
            Documents.write(surroundings.out(), document(configuration, findings, ok));
            return;
        }
        Table values = new Table("", "KEY", "VALUE", "FROM");
        configuration.values().forEach(value -> values.row(value.key(), value.value(), value.origin()));
        values.write(surroundings.out());
        if (!findings.isEmpty()) {
            surroundings.out().println();
            Table table = new Table("", "", "WHAT", "FOUND");
            findings.forEach(it -> table.row(it.severity().name(), it.what(), it.message()));
            table.write(surroundings.out());
        }
    }

    private static ObjectNode document(Configuration configuration, List<Finding> findings, boolean ok) {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("ok", ok);
        document.putArray("problems");
        ArrayNode values = document.putArray("configuration");
        for (EffectiveValue value : configuration.values()) {
            values.addObject()
                    .put("key", value.key())
                    .put("value", value.value())
                    .put("origin", value.origin());
        }
        ArrayNode array = document.putArray("findings");
        for (Finding finding : findings) {
            array.addObject()
                    .put("what", finding.what())
                    .put("severity", finding.severity().name().toLowerCase(Locale.ROOT))
                    .put("message", finding.message());
        }
        return document;
    }

    private static ObjectNode document(ConfigurationException exception) {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("ok", false);
        ArrayNode problems = document.putArray("problems");
        for (Problem problem : exception.problems()) {
            problems.addObject()
                    .put("key", problem.key())
                    .put("value", problem.value().orElse(null))
                    .put("origin", problem.origin())
                    .put("message", problem.message());
        }
        document.putArray("configuration");
        document.putArray("findings");
        return document;
    }
}
