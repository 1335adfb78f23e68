package io.kubescaler.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The program without a command: {@code run}. */
@Command(
        name = "kubescaler",
        synopsisSubcommandLabel = "[COMMAND]",
        description = {
            "Keeps a buffer of free slots for long-running servers on a Kubernetes node pool.",
            "Without a command it runs."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:done",
            "1:it failed while running",
            "2:bad usage or bad configuration; every problem is named"
        })
final class KubescalerCommand implements Callable<Integer> {
    @Mixin
    private final GlobalOptions options;

    @Mixin
    private final RunOptions runOptions = new RunOptions();

    private final RunCommand run;

    KubescalerCommand(GlobalOptions options, RunCommand run) {
        this.options = options;
        this.run = run;
    }

    @Override
    public Integer call() throws Exception {
        return options.help() ? ExitStatus.DONE : run.run(runOptions);
    }
}
