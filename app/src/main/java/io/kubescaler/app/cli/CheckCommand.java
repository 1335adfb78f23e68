package io.kubescaler.app.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kubescaler.app.config.Configuration;
import io.kubescaler.app.config.ConfigurationException;
import io.kubescaler.app.config.EffectiveValue;
import io.kubescaler.app.config.Problem;
import io.kubescaler.app.config.Purpose;
import io.kubescaler.app.plugins.ProviderCatalog;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Checks the configuration and, when asked, that the cluster and the cloud can be reached and let us do our work. */
@Command(name = "check", description = "Checks the configuration and shows what is in force, secrets masked.")
final class CheckCommand implements Callable<Integer> {
    private final Surroundings surroundings;
    private final GlobalOptions options;

    @Mixin
    private final OutputOption output = new OutputOption();

    CheckCommand(Surroundings surroundings, GlobalOptions options) {
        this.surroundings = surroundings;
        this.options = options;
    }

    @Override
    public Integer call() throws ConfigurationException {
        try (ProviderCatalog catalog = Providers.open(surroundings)) {
            Configuration configuration = options.configuration(surroundings, catalog, Purpose.SCALE);
            show(configuration);
            return ExitStatus.DONE;
        } catch (ConfigurationException e) {
            if (!output.json()) {
                throw e;
            }
            OutputOption.write(surroundings.out(), document(e));
            return ExitStatus.REFUSED;
        }
    }

    private void show(Configuration configuration) {
        if (output.json()) {
            OutputOption.write(surroundings.out(), document(configuration));
            return;
        }
        Table table = new Table("", "KEY", "VALUE", "FROM");
        configuration.values().forEach(value -> table.row(value.key(), value.value(), value.origin()));
        table.write(surroundings.out());
    }

    private static ObjectNode document(Configuration configuration) {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("ok", true);
        document.putArray("problems");
        ArrayNode values = document.putArray("configuration");
        for (EffectiveValue value : configuration.values()) {
            values.addObject()
                    .put("key", value.key())
                    .put("value", value.value())
                    .put("origin", value.origin());
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
        return document;
    }
}
