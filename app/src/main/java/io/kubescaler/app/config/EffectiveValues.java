package io.kubescaler.app.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.kubescaler.app.config.Settings.PoolSettings;
import io.kubescaler.provider.NodePoolProviderFactory;
import io.kubescaler.provider.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Lists the values in force, with where each came from. Masks secrets, wherever they turn up. */
final class EffectiveValues {
    private static final String MASK = "***";

    private final ConfigObject shared;
    private final Problems problems;
    private final List<EffectiveValue> values = new ArrayList<>();

    EffectiveValues(ConfigObject shared, Problems problems) {
        this.shared = shared;
        this.problems = problems;
    }

    /** Lists them: the flat keys, the entries of {@code node-pools}, the settings of the providers in use. */
    List<EffectiveValue> list(List<PoolSettings> pools, List<NodePoolProviderFactory> providers) {
        for (Key key : Key.values()) {
            if (key != Key.NODE_POOLS) {
                Values.at(shared, key.path()).ifPresent(value -> add(key.path(), value, key.secret()));
            }
        }
        Values.at(shared, Key.NODE_POOLS.path()).ifPresent(value -> entries((ConfigList) value));
        Set<String> used = pools.stream().map(PoolSettings::provider).collect(Collectors.toCollection(TreeSet::new));
        providers.stream().filter(it -> used.contains(it.name())).forEach(this::settings);
        return List.copyOf(values);
    }

    private void entries(ConfigList list) {
        for (int i = 0; i < list.size(); i++) {
            ConfigObject entry = (ConfigObject) list.get(i);
            String prefix = "node-pools[%d].".formatted(i);
            Values.at(entry, PoolsReader.NAME).ifPresent(value -> add(prefix + PoolsReader.NAME, value, false));
            for (String path : Key.paths(Key.Scope.POOL)) {
                boolean secret = Key.of(path).orElseThrow().secret();
                Values.at(entry, path).ifPresent(value -> add(prefix + path, value, secret));
            }
        }
    }

    private void settings(NodePoolProviderFactory provider) {
        for (Setting setting : provider.settings()) {
            String path = "providers.%s.%s".formatted(provider.name(), setting.key());
            Optional<ConfigValue> value = Values.at(shared, path);
            value.ifPresentOrElse(
                    it -> add(path, it, setting.secret()),
                    () -> setting.defaultValue().ifPresent(it -> add(path, it, Origins.DEFAULT, setting.secret())));
        }
    }

    private void add(String key, ConfigValue value, boolean secret) {
        add(key, Values.shown(value), Origins.of(value.origin()), secret);
    }

    private void add(String key, String text, String origin, boolean secret) {
        values.add(new EffectiveValue(key, secret ? MASK : problems.masked(text), origin));
    }
}
