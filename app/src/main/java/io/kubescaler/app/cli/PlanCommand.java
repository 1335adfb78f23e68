package io.kubescaler.app.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kubescaler.app.config.Configuration;
import io.kubescaler.app.config.ConfigurationException;
import io.kubescaler.app.config.Purpose;
import io.kubescaler.app.config.Settings.PoolSettings;
import io.kubescaler.app.observe.PlanJson;
import io.kubescaler.app.options.OutputOption;
import io.kubescaler.app.output.Documents;
import io.kubescaler.app.plugins.ProviderCatalog;
import io.kubescaler.kubernetes.pool.KubectlFiles;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.PoolHistory;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.PoolSnapshot;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Reading;
import io.kubescaler.plan.Plan;
import io.kubescaler.plan.Planner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes one pass on paper: from files, or from the live cluster and cloud. Never acts. */
@Command(
        name = "plan",
        description = {
            "Makes one pass on paper and shows what would be done and why. Never acts.",
            "With --nodes and --pods from what kubectl wrote, else from the live cluster and cloud."
        })
final class PlanCommand implements Callable<Integer> {
    private final Surroundings surroundings;
    private final GlobalOptions options;

    @Mixin
    private final OutputOption output = new OutputOption();

    @Option(names = "--nodes", paramLabel = "FILE", description = "what `kubectl get nodes -o json` wrote")
    private Optional<Path> nodes = Optional.empty();

    @Option(names = "--pods", paramLabel = "FILE", description = "what `kubectl get pods -A -o json` wrote")
    private Optional<Path> pods = Optional.empty();

    @Option(
            names = "--instances",
            paramLabel = "FILE",
            description = "the cloud's side: {\"size\": 3, \"instances\": […]}; without it every node of the pool is a"
                    + " running instance")
    private Optional<Path> instances = Optional.empty();

    @Option(
            names = "--now",
            paramLabel = "TIME",
            description = "the time to plan for, such as 2026-01-01T00:00:00Z; without it, now")
    private Optional<Instant> now = Optional.empty();

    @Option(names = "--pool", paramLabel = "NAME", description = "the pool to plan for; without it, all of them")
    private Optional<String> pool = Optional.empty();

    PlanCommand(Surroundings surroundings, GlobalOptions options) {
        this.surroundings = surroundings;
        this.options = options;
    }

    @Override
    public Integer call() throws ConfigurationException, CommandException, InterruptedException {
        boolean live = nodes.isEmpty() && pods.isEmpty();
        if (!live && (nodes.isEmpty() || pods.isEmpty())) {
            throw CommandException.refused(
                    "--nodes and --pods go together; give both, or none for the live cluster", null);
        }
        if (live && (instances.isPresent() || now.isPresent())) {
            throw CommandException.refused(
                    "--instances and --now need --nodes and --pods: the live cluster is as it is now", null);
        }
        try (ProviderCatalog catalog = Providers.open(surroundings)) {
            Configuration configuration =
                    options.configuration(surroundings, catalog, live ? Purpose.PLAN_LIVE : Purpose.PLAN);
            List<PoolSettings> chosen = chosen(configuration.settings().pools());
            show(
                    live
                            ? new LivePlans(configuration.settings(), surroundings, catalog).of(chosen)
                            : fromFiles(chosen, Pools.policies(configuration.settings())));
        }
        return ExitStatus.DONE;
    }

    private List<PoolSettings> chosen(List<PoolSettings> pools) throws CommandException {
        if (pool.isEmpty()) {
            return pools;
        }
        List<PoolSettings> chosen = pools.stream()
                .filter(it -> it.policy().pool().equals(pool.get()))
                .toList();
        if (chosen.isEmpty()) {
            throw CommandException.refused(
                    "--pool %s: there is no such pool; there are: %s"
                            .formatted(
                                    pool.get(),
                                    pools.stream().map(it -> it.policy().pool()).collect(Collectors.joining(", "))),
                    null);
        }
        return chosen;
    }

    private List<Plan> fromFiles(List<PoolSettings> pools, List<PoolPolicy> all) throws CommandException {
        if (instances.isPresent() && pools.size() > 1) {
            throw CommandException.refused("--instances describes one pool; choose it with --pool", null);
        }
        List<Plan> plans = new ArrayList<>();
        for (PoolSettings settings : pools) {
            PoolPolicy policy = settings.policy();
            ClusterState cluster = cluster(policy, all);
            PoolDescription cloud = instances.isPresent()
                    ? InstancesFile.read(instances.get())
                    : InstancesFile.ofNodes(Pools.nodesOf(policy, all, cluster.nodes()));
            PoolSnapshot snapshot = new PoolSnapshot(Reading.known(cloud), Reading.known(cluster));
            Instant time = now.orElseGet(surroundings.clock()::instant);
            plans.add(new Planner().plan(policy, snapshot, PoolHistory.NONE, time));
        }
        return plans;
    }

    private ClusterState cluster(PoolPolicy policy, List<PoolPolicy> all) throws CommandException {
        try {
            return KubectlFiles.read(nodes.orElseThrow(), pods.orElseThrow(), policy, all);
        } catch (IOException e) {
            throw CommandException.refused(String.valueOf(e.getMessage()), e);
        }
    }

    private void show(List<Plan> plans) {
        if (!output.json()) {
            plans.forEach(plan -> PlanText.write(plan, surroundings.out()));
        } else if (plans.size() == 1) {
            Documents.write(surroundings.out(), PlanJson.document(plans.get(0)));
        } else {
            ObjectNode document = JsonNodeFactory.instance.objectNode();
            ArrayNode array = document.putArray("pools");
            plans.forEach(plan -> array.add(PlanJson.document(plan)));
            Documents.write(surroundings.out(), document);
        }
    }
}
