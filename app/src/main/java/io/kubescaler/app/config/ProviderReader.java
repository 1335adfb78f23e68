package io.kubescaler.app.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.kubescaler.provider.NodePoolProviderFactory;
import io.kubescaler.provider.ProviderContext;
import io.kubescaler.provider.Secret;
import io.kubescaler.provider.Setting;
import io.kubescaler.secrets.TextFile;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads which provider a pool has and what it is made from, and has the provider check it. For one thread. */
final class ProviderReader {
    private final ConfigObject shared;
    private final List<NodePoolProviderFactory> providers;
    private final Problems problems;
    private final Maker maker;

    /**
     * What every provider is told.
     *
     * @param userAgent what to call oneself towards the cloud
     * @param longestWrite the longest that one request which changes something may take; empty for no limit
     * @param clock the time
     */
    record Maker(String userAgent, Optional<Duration> longestWrite, Clock clock) {}

    /** A provider's name and what it is made from. */
    record Provider(String name, ProviderContext context) {}

    ProviderReader(ConfigObject shared, List<NodePoolProviderFactory> providers, Problems problems, Maker maker) {
        this.shared = shared;
        this.providers = providers;
        this.problems = problems;
        this.maker = maker;
    }

    /**
     * Reads the provider of a pool.
     *
     * @return empty when there is none of that name; one that has something against its settings is returned
     */
    Optional<Provider> read(Values values, String poolName, Purpose purpose) {
        Optional<String> name = values.required(Key.CLOUD_PROVIDER, "the name of a provider");
        Optional<Secret> token = values.secret(Key.CLOUD_PROVIDER_TOKEN);
        Optional<String> clusterName = values.text(Key.CLUSTER_NAME);
        Optional<NodePoolProviderFactory> factory = name.flatMap(this::find);
        if (name.isEmpty() || (factory.isEmpty() && purpose != Purpose.PLAN)) {
            name.ifPresent(it -> values.wrong(
                    Key.CLOUD_PROVIDER,
                    UnknownKeys.noProvider(
                            it,
                            providers.stream()
                                    .map(NodePoolProviderFactory::name)
                                    .sorted()
                                    .toList())));
            return Optional.empty();
        }
        if (purpose == Purpose.PLAN) {
            return Optional.of(new Provider(name.get(), context(clusterName, poolName, token, Map.of())));
        }
        Map<String, String> settings = settings(factory.orElseThrow());
        ProviderContext context = context(clusterName, poolName, token, settings);
        tokenForm(values, token);
        validate(values, factory.orElseThrow(), context);
        return Optional.of(new Provider(name.get(), context));
    }

    private ProviderContext context(
            Optional<String> clusterName, String poolName, Optional<Secret> token, Map<String, String> settings) {
        return new ProviderContext(clusterName, poolName, token, settings, maker.userAgent(), maker.clock())
                .withLongestWrite(maker.longestWrite());
    }

    private Optional<NodePoolProviderFactory> find(String name) {
        return providers.stream().filter(it -> it.name().equals(name)).findFirst();
    }

    private static void tokenForm(Values values, Optional<Secret> token) {
        boolean broken = token.map(Secret::reveal)
                .filter(text -> !TextFile.isToken(text))
                .isPresent();
        if (broken) {
            values.wrong(
                    Key.CLOUD_PROVIDER_TOKEN,
                    "holds a blank, a line break or a character that no token has; copy it again, whole and alone");
        }
    }

    private Map<String, String> settings(NodePoolProviderFactory factory) {
        Map<String, String> settings = new HashMap<>();
        for (Setting setting : factory.settings()) {
            String path = path(factory, setting.key());
            Optional<ConfigValue> value = value(factory, setting.key());
            if (value.isPresent() && !scalar(value.get())) {
                problems.add(
                        path,
                        Optional.empty(),
                        origin(value.get()),
                        "has the wrong type; write one value, not a list or object");
                continue;
            }
            Optional<String> text = value.map(it -> Values.render(it).strip()).or(setting::defaultValue);
            if (text.isEmpty() && setting.required()) {
                problems.add(
                        path,
                        Optional.empty(),
                        "variable " + Key.variable(path),
                        "is not set; set it to this: " + setting.description());
            }
            text.filter(it -> setting.secret()).map(Secret::new).ifPresent(problems::protect);
            text.ifPresent(it -> settings.put(setting.key(), it));
        }
        return settings;
    }

    private static boolean scalar(ConfigValue value) {
        return value.valueType() != ConfigValueType.OBJECT && value.valueType() != ConfigValueType.LIST;
    }

    private void validate(Values values, NodePoolProviderFactory factory, ProviderContext context) {
        List<NodePoolProviderFactory.Problem> found;
        try {
            found = factory.validate(context);
        } catch (RuntimeException | LinkageError e) {
            // a plug-in's own fault must not hide the other problems
            problems.add(
                    "providers." + factory.name(),
                    Optional.empty(),
                    "provider " + factory.name(),
                    "could not check its settings (%s); this is a fault of the provider".formatted(e));
            return;
        }
        for (NodePoolProviderFactory.Problem problem : found) {
            report(values, factory, problem);
        }
    }

    private void report(Values values, NodePoolProviderFactory factory, NodePoolProviderFactory.Problem problem) {
        boolean own = factory.settings().stream().anyMatch(it -> it.key().equals(problem.key()));
        String message = clause(problem);
        Optional<Key> key = own ? Optional.empty() : Key.of(problem.key());
        if (key.isPresent() && values.find(key.get()).isEmpty()) {
            values.absent(key.get(), message);
        } else if (key.isPresent()) {
            key.filter(it -> !problems.has(it.path())).ifPresent(it -> values.wrong(it, message));
        } else {
            String path = path(factory, problem.key());
            String origin =
                    value(factory, problem.key()).map(ProviderReader::origin).orElse(Origins.DEFAULT);
            problems.add(path, Optional.empty(), origin, message);
        }
    }

    // the key is shown before the message, which may begin with it too
    private static String clause(NodePoolProviderFactory.Problem problem) {
        String prefix = problem.key() + " ";
        return problem.message().startsWith(prefix) ? problem.message().substring(prefix.length()) : problem.message();
    }

    private Optional<ConfigValue> value(NodePoolProviderFactory factory, String key) {
        return Values.at(shared, path(factory, key));
    }

    private static String path(NodePoolProviderFactory factory, String key) {
        return "providers." + factory.name() + "." + key;
    }

    private static String origin(ConfigValue value) {
        return Origins.of(value.origin());
    }
}
