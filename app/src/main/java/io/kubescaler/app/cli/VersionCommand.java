package io.kubescaler.app.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.kubescaler.app.options.OutputOption;
import io.kubescaler.app.output.Documents;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows which program this is and what it runs on. */
@Command(name = "version", description = "Shows the version, the commit and the Java it runs on.")
final class VersionCommand implements Callable<Integer> {
    private final Surroundings surroundings;
    private final GlobalOptions options;

    @Mixin
    private final OutputOption output = new OutputOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    VersionCommand(Surroundings surroundings, GlobalOptions options) {
        this.surroundings = surroundings;
        this.options = options;
    }

    @Override
    public Integer call() {
        options.refuseConfiguration(spec, "leave it out");
        Version version = Version.read();
        String java = "%s (%s)".formatted(Runtime.version(), System.getProperty("java.vendor"));
        if (output.json()) {
            Documents.write(
                    surroundings.out(),
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("version", version.version())
                            .put("commit", version.commit())
                            .put("java", java));
        } else {
            surroundings
                    .out()
                    .printf("kubescaler %s%ncommit     %s%nJava       %s%n", version.version(), version.commit(), java);
        }
        return ExitStatus.DONE;
    }
}
