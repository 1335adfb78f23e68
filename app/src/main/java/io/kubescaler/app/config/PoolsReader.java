package io.kubescaler.app.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.kubescaler.app.config.Settings.PoolSettings;
import io.kubescaler.app.config.Values.Found;
import io.kubescaler.model.NodeSelector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the pools: the one of the flat keys, or those of {@code node-pools}. For one thread. */
final class PoolsReader {
    /** The key of an entry of {@code node-pools} that only entries have. */
    static final String NAME = "name";

    private final ConfigObject shared;
    private final Problems problems;
    private final Sources sources;
    private final PoolReader pools;

    PoolsReader(ConfigObject shared, Problems problems, Sources sources, PoolReader pools) {
        this.shared = shared;
        this.problems = problems;
        this.sources = sources;
        this.pools = pools;
    }

    /** Reads all pools; those with problems are left out. */
    List<PoolSettings> read(Purpose purpose) {
        Optional<ConfigValue> entries = Values.at(shared, Key.NODE_POOLS.path());
        if (entries.isEmpty()) {
            Values values = new Values(shared, Optional.empty(), problems, sources);
            return pools.read(values, Optional.empty(), purpose).stream().toList();
        }
        if (!(entries.get() instanceof ConfigList list)
                || list.isEmpty()
                || list.stream().anyMatch(it -> it.valueType() != ConfigValueType.OBJECT)) {
            problems.add(
                    Key.NODE_POOLS.path(),
                    Optional.empty(),
                    Origins.of(entries.get().origin()),
                    "is no list of pools; write [ { name = … } ] with the keys that differ, or leave it out");
            return List.of();
        }
        refuseSharedPoolName();
        return read(list, purpose);
    }

    private void refuseSharedPoolName() {
        Values.at(shared, Key.NODE_POOL_NAME.path())
                .ifPresent(value -> problems.add(
                        Key.NODE_POOL_NAME.path(),
                        Optional.of(Values.render(value)),
                        Origins.of(value.origin()),
                        "is for a single pool; with node-pools, each entry names its own"));
    }

    private List<PoolSettings> read(ConfigList list, Purpose purpose) {
        List<PoolSettings> read = new ArrayList<>();
        Distinct distinct = new Distinct();
        for (int i = 0; i < list.size(); i++) {
            ConfigObject entry = (ConfigObject) list.get(i);
            String prefix = "node-pools[%d].".formatted(i);
            Values values = new Values(shared, Optional.of(new Values.Entry(entry, prefix)), problems, sources);
            Optional<String> name = name(entry, prefix);
            name.ifPresent(it -> distinct.check(it, entry, prefix, values));
            pools.read(values, name, purpose).ifPresent(read::add);
        }
        return read;
    }

    private Optional<String> name(ConfigObject entry, String prefix) {
        Optional<ConfigValue> value = Values.at(entry, NAME);
        if (value.isEmpty()
                || value.get().valueType() == ConfigValueType.OBJECT
                || value.get().valueType() == ConfigValueType.LIST) {
            problems.add(
                    prefix + NAME,
                    Optional.empty(),
                    Origins.of(value.map(ConfigValue::origin).orElse(entry.origin())),
                    "is not set to a text; give each pool a name of its own");
            return Optional.empty();
        }
        return value.map(Values::render).map(String::strip);
    }

    /** Finds what two pools must not share. */
    private final class Distinct {
        private final Map<String, String> names = new HashMap<>();
        private final Map<String, String> selectors = new HashMap<>();

        void check(String name, ConfigObject entry, String prefix, Values values) {
            Optional.ofNullable(names.putIfAbsent(name, prefix))
                    .ifPresent(first -> problems.add(
                            prefix + NAME,
                            Optional.of(name),
                            Origins.of(Values.at(entry, NAME).orElseThrow().origin()),
                            "is the name of %sname too; give each pool its own".formatted(first)));
            values.find(Key.NODE_SELECTOR).ifPresent(found -> checkSelector(found, name));
        }

        private void checkSelector(Found found, String name) {
            String selector = canonical(Values.render(found.value()));
            Optional.ofNullable(selectors.putIfAbsent(selector, name))
                    .ifPresent(first -> problems.add(
                            found.key(),
                            found.shown(),
                            found.origin(),
                            "selects the nodes of the pool '%s' for the pool '%s' too; every pool needs nodes of its own"
                                    .formatted(first, name)));
        }

        private static String canonical(String selector) {
            try {
                return String.valueOf(NodeSelector.parse(selector).requiredLabels()) + selector.strip();
            } catch (IllegalArgumentException e) {
                return selector; // reported where it is read
            }
        }
    }
}
