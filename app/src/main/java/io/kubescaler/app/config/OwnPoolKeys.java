package io.kubescaler.app.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Decides which of the keys that were set reach the pool that a command brings itself. For one thread. */
final class OwnPoolKeys {
    private final OwnPool pool;
    private final Problems problems;

    OwnPoolKeys(OwnPool pool, Problems problems) {
        this.pool = pool;
        this.problems = problems;
    }

    /** Returns the values that the pool has before anything is set, as a layer. */
    Config defaults() {
        Config layer = ConfigFactory.empty();
        for (Map.Entry<String, Object> entry : pool.defaults().entrySet()) {
            layer = layer.withValue(
                    Layers.ROOT + "." + entry.getKey(),
                    ConfigValueFactory.fromAnyRef(entry.getValue(), Origins.DEFAULT + " of " + pool.command()));
        }
        for (Map.Entry<String, OwnPool.Given> entry : pool.given().entrySet()) {
            layer = layer.withValue(
                    Layers.ROOT + "." + entry.getKey(),
                    ConfigValueFactory.fromAnyRef(
                            entry.getValue().value(), entry.getValue().option()));
        }
        return layer;
    }

    /** Says of each {@code --set} that means nothing to the command that it does not. */
    void checkAssignments(List<String> assignments) {
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            if (equals > 0) {
                path(assignment.substring(0, equals)).ifPresent(this::check);
            }
        }
    }

    // empty for one that is malformed, which is reported where it is read
    private static Optional<String> path(String key) {
        try {
            List<String> parts = ConfigUtil.splitPath(key.strip());
            List<String> below = parts.get(0).equals(Layers.ROOT) ? parts.subList(1, parts.size()) : parts;
            return Optional.of(String.join(".", below));
        } catch (ConfigException e) {
            return Optional.empty();
        }
    }

    private void check(String path) {
        String group = path.split("\\.", 2)[0];
        if (pool.settable().contains(path) || pool.settable().contains(group)) {
            return;
        }
        if (pool.given().containsKey(path)) {
            refuse(
                    path,
                    "is given by %s too; give one of the two"
                            .formatted(pool.given().get(path).option()));
        } else if (path.isEmpty() || isKnown(path, group)) {
            refuse(
                    path.isEmpty() ? Layers.ROOT : path,
                    "means nothing to `%s`, which has a cluster and a cloud of its own; it takes %s"
                            .formatted(pool.command(), String.join(", ", new TreeSet<>(pool.settable()))));
        }
    }

    // what is no key at all is reported with the nearest one
    private static boolean isKnown(String path, String group) {
        return Key.of(path).isPresent()
                || Key.of(group).filter(Key::map).isPresent()
                || group.equals("providers")
                || Key.paths(Key.Scope.SCALER).stream().anyMatch(known -> known.startsWith(path + "."));
    }

    private void refuse(String key, String message) {
        problems.add(key, Optional.empty(), Origins.SET, message);
    }

    /**
     * Returns the keys of the one pool, those that cannot be set as the command has them.
     *
     * @param shared everything that was set, over the defaults
     * @param before the defaults alone
     */
    ConfigObject keys(ConfigObject shared, ConfigObject before) {
        Config keys = onlyEntry(shared)
                .map(it -> it.withFallback(shared))
                .orElse(shared)
                .toConfig();
        for (String key : Key.paths(Key.Scope.POOL)) {
            if (!pool.settable().contains(key)) {
                Optional<ConfigValue> value = Values.at(before, key);
                keys = value.isPresent() ? keys.withValue(key, value.get()) : keys.withoutPath(key);
            }
        }
        return keys.root();
    }

    private Optional<ConfigObject> onlyEntry(ConfigObject shared) {
        Optional<ConfigValue> entries = Values.at(shared, Key.NODE_POOLS.path());
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        if (entries.get() instanceof ConfigList list && list.size() == 1 && list.get(0) instanceof ConfigObject entry) {
            return Optional.of(entry);
        }
        problems.add(
                Key.NODE_POOLS.path(),
                Optional.empty(),
                Origins.of(entries.get().origin()),
                "is no list of one pool, and `%s` has one; write the keys of that pool to a file of its own"
                        .formatted(pool.command()));
        return Optional.empty();
    }
}
