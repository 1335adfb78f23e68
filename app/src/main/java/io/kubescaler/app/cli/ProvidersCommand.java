package io.kubescaler.app.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kubescaler.app.options.OutputOption;
import io.kubescaler.app.output.Documents;
import io.kubescaler.app.plugins.ProviderCatalog;
import io.kubescaler.app.plugins.ProviderCatalog.BrokenPlugin;
import io.kubescaler.app.plugins.ProviderCatalog.Entry;
import io.kubescaler.provider.Setting;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists the providers that were found, built in and plug-in, with their settings. */
@Command(
        name = "providers",
        description = "Lists the cloud providers that were found, built in and plug-in, with their settings.")
final class ProvidersCommand implements Callable<Integer> {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Surroundings surroundings;
    private final GlobalOptions options;

    @Mixin
    private final OutputOption output = new OutputOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ProvidersCommand(Surroundings surroundings, GlobalOptions options) {
        this.surroundings = surroundings;
        this.options = options;
    }

    @Override
    public Integer call() {
        options.refuseConfiguration(spec, "the variable KUBESCALER_PLUGINS names the folder of the plug-ins");
        try (ProviderCatalog catalog = Providers.open(surroundings)) {
            if (output.json()) {
                Documents.write(surroundings.out(), document(catalog));
            } else {
                catalog.all().forEach(this::print);
            }
        }
        return ExitStatus.DONE;
    }

    private void print(Entry entry) {
        PrintWriter out = surroundings.out();
        out.printf(
                "%s  (%s)%n  %s%n",
                entry.factory().name(),
                entry.jar().map(Path::toString).orElse("built in"),
                entry.factory().description());
        String prefix = "  providers." + entry.factory().name() + ".";
        for (Setting setting : entry.factory().settings()) {
            String fallback = setting.required()
                    ? "required"
                    : setting.defaultValue().map("default %s"::formatted).orElse("may stay unset");
            out.printf("%s%s  (%s)%n      %s%n", prefix, setting.key(), fallback, setting.description());
        }
    }

    private static ObjectNode document(ProviderCatalog catalog) {
        ObjectNode document = NODES.objectNode();
        ArrayNode providers = document.putArray("providers");
        for (Entry entry : catalog.all()) {
            ObjectNode provider = providers
                    .addObject()
                    .put("name", entry.factory().name())
                    .put("description", entry.factory().description())
                    .put("jar", entry.jar().map(Path::toString).orElse(null));
            ArrayNode settings = provider.putArray("settings");
            entry.factory()
                    .settings()
                    .forEach(setting -> settings.add(setting(entry.factory().name(), setting)));
        }
        ArrayNode problems = document.putArray("problems");
        for (BrokenPlugin problem : catalog.problems()) {
            problems.addObject().put("path", problem.path().toString()).put("message", problem.why());
        }
        return document;
    }

    private static ObjectNode setting(String provider, Setting setting) {
        return NODES.objectNode()
                .put("key", "providers.%s.%s".formatted(provider, setting.key()))
                .put("description", setting.description())
                .put("default", setting.defaultValue().orElse(null))
                .put("required", setting.required())
                .put("secret", setting.secret());
    }
}
