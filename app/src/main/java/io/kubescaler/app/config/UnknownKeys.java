package io.kubescaler.app.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.kubescaler.provider.NodePoolProviderFactory;
import io.kubescaler.provider.Setting;
import io.kubescaler.words.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds keys that mean nothing, wherever they stand. Their values are never shown: a misspelled key may hold a secret.
 * For one thread.
 */
final class UnknownKeys {
    private static final String PROVIDERS = "providers";

    private final List<NodePoolProviderFactory> providers;
    private final Problems problems;

    UnknownKeys(List<NodePoolProviderFactory> providers, Problems problems) {
        this.providers = providers;
        this.problems = problems;
    }

    /** Looks through everything that was read. */
    void find(ConfigObject root) {
        List<String> known = new ArrayList<>(Key.paths(Key.Scope.POOL));
        known.addAll(Key.paths(Key.Scope.SCALER));
        known.add(PROVIDERS);
        for (Map.Entry<String, ConfigValue> entry : sorted(root)) {
            if (!entry.getKey().equals(Layers.ROOT)) {
                outside(entry.getKey(), entry.getValue(), known);
            }
        }
        group(root.toConfig().getObject(Layers.ROOT), "", known);
    }

    private void outside(String key, ConfigValue value, List<String> known) {
        String message = Nearest.to(key, List.of(Layers.ROOT))
                .map(root -> "is no key; did you mean %s?".formatted(root))
                .or(() -> Nearest.to(key, known)
                        .map(near -> "stands outside of %s { … }; did you mean %s.%s?"
                                .formatted(Layers.ROOT, Layers.ROOT, near)))
                .orElse("stands outside of %s { … }, where every key lives; move or remove it".formatted(Layers.ROOT));
        problems.add(key, Optional.empty(), origin(value), message);
    }

    private void group(ConfigObject group, String prefix, List<String> known) {
        for (Map.Entry<String, ConfigValue> entry : sorted(group)) {
            String path = prefix + entry.getKey();
            Optional<Key> key = Key.of(path);
            if (path.equals(PROVIDERS) && entry.getValue() instanceof ConfigObject settings) {
                providers(settings);
            } else if (key.equals(Optional.of(Key.NODE_POOLS))) {
                pools(entry.getValue());
            } else if (key.isEmpty()) {
                groupOrUnknown(path, entry.getValue(), known);
            }
        }
    }

    private void groupOrUnknown(String path, ConfigValue value, List<String> known) {
        if (known.stream().noneMatch(key -> key.startsWith(path + "."))) {
            unknown(path, value, known);
        } else if (value instanceof ConfigObject object) {
            group(object, path + ".", known);
        }
    }

    private void pools(ConfigValue value) {
        if (!(value instanceof ConfigList list)) {
            return; // the wrong type is reported where it is read
        }
        List<String> known = new ArrayList<>(Key.paths(Key.Scope.POOL));
        known.add(PoolsReader.NAME);
        List<String> scalers = Key.paths(Key.Scope.SCALER);
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) instanceof ConfigObject entry) {
                pool(entry, "node-pools[%d].".formatted(i), known, scalers);
            }
        }
    }

    private void pool(ConfigObject pool, String prefix, List<String> known, List<String> scalers) {
        for (Map.Entry<String, ConfigValue> entry : sorted(pool)) {
            String key = entry.getKey();
            boolean scaler = key.equals(PROVIDERS)
                    || scalers.stream().anyMatch(path -> path.equals(key) || path.startsWith(key + "."));
            if (scaler) {
                problems.add(
                        prefix + key,
                        Optional.empty(),
                        origin(entry.getValue()),
                        "belongs to the whole scaler, not to one pool; set it beside node-pools");
            } else if (!known.contains(key)) {
                unknown(prefix + key, key, entry.getValue(), known);
            }
        }
    }

    private void providers(ConfigObject object) {
        List<String> names =
                providers.stream().map(NodePoolProviderFactory::name).sorted().toList();
        for (Map.Entry<String, ConfigValue> entry : sorted(object)) {
            String path = PROVIDERS + "." + entry.getKey();
            providers.stream()
                    .filter(provider -> provider.name().equals(entry.getKey()))
                    .findFirst()
                    .ifPresentOrElse(
                            provider -> provider(provider, path, entry.getValue()),
                            () -> problems.add(
                                    path,
                                    Optional.empty(),
                                    origin(entry.getValue()),
                                    noProvider(entry.getKey(), names)));
        }
    }

    /** Says that there is no provider of that name, and which there are. */
    static String noProvider(String name, List<String> names) {
        return "names no provider that was found%s; there are: %s"
                .formatted(
                        Nearest.to(name, names)
                                .map(near -> "; did you mean " + near + "?")
                                .orElse(""),
                        names.isEmpty() ? "none" : String.join(", ", names));
    }

    private void provider(NodePoolProviderFactory provider, String path, ConfigValue value) {
        if (!(value instanceof ConfigObject object)) {
            problems.add(path, Optional.empty(), origin(value), "takes an object of the provider's own settings");
            return;
        }
        List<String> known = provider.settings().stream().map(Setting::key).toList();
        for (Map.Entry<String, ConfigValue> entry : sorted(object)) {
            if (!known.contains(entry.getKey())) {
                unknown(path + "." + entry.getKey(), entry.getKey(), entry.getValue(), known);
            }
        }
    }

    private void unknown(String path, ConfigValue value, List<String> known) {
        unknown(path, path, value, known);
    }

    private void unknown(String shown, String key, ConfigValue value, List<String> known) {
        problems.add(
                shown,
                Optional.empty(),
                origin(value),
                Nearest.to(key, known)
                        .map("is no key; did you mean %s?"::formatted)
                        .orElse("is no key; config.example.conf shows all of them, and `providers` a provider's own"));
    }

    private static Iterable<Map.Entry<String, ConfigValue>> sorted(ConfigObject object) {
        return new TreeMap<>(object).entrySet();
    }

    private static String origin(ConfigValue value) {
        return Origins.of(value.origin());
    }
}
