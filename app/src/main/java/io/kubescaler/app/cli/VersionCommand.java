package io.kubescaler.app.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.kubescaler.app.options.OutputOption;
import io.kubescaler.app.output.Documents;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows which program this is and what it runs on. */
@Command(name = "version", description = "Shows the version, the commit and the Java it runs on.")
final class VersionCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private final OutputOption output = new OutputOption();

    VersionCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
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
