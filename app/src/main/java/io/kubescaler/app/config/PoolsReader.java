package io.kubescaler.app.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.kubescaler.app.config.Settings.PoolSettings;
import io.kubescaler.app.config.Values.Found;
import io.kubescaler.model.LabelSelector;
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
    private final SecretFiles secretFiles;
    private final PoolReader pools;

    PoolsReader(ConfigObject shared, Problems problems, Sources sources, SecretFiles secretFiles, PoolReader pools) {
        this.secretFiles = secretFiles;
        this.shared = shared;
        this.problems = problems;
        this.sources = sources;
        this.pools = pools;
    }

    /** Reads all pools; those with problems are left out. */
    List<PoolSettings> read(Purpose purpose) {
        Optional<ConfigValue> entries = Values.at(shared, Key.NODE_POOLS.path());
        if (entries.isEmpty()) {
            Values values = new Values(shared, Optional.empty(), problems, sources, secretFiles);
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
            String place = "node-pools[%d]".formatted(i);
            Values values = new Values(
                    shared, Optional.of(new Values.Entry(entry, place + ".")), problems, sources, secretFiles);
            Optional<String> name = name(entry, place + ".");
            distinct.check(entry, place, values);
            pools.read(values, name, purpose).ifPresent(read::add);
        }
        return read.stream().map(pool -> pool.beside(read)).toList();
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
        private final Map<String, String> cloudNames = new HashMap<>();
        private final Map<LabelSelector, String> selectors = new HashMap<>();

        void check(ConfigObject entry, String place, Values values) {
            Values.at(entry, NAME)
                    .map(value -> new Found(place + "." + NAME, value, false))
                    .ifPresent(name -> names(entry, place, name));
            values.find(Key.NODE_SELECTOR)
                    .ifPresent(found -> selector(shown(found))
                            .flatMap(selector -> taken(selectors, selector, place))
                            .ifPresent(first -> report(
                                    found, "selects the nodes of %s too; every pool needs nodes of its own", first)));
        }

        // in an entry the name does for the cloud's pool too, unless that has another
        private void names(ConfigObject entry, String place, Found name) {
            Optional<String> namesake = taken(names, shown(name), place);
            Found cloudName = Values.at(entry, Key.NODE_POOL_NAME.path())
                    .map(value -> new Found(place + "." + Key.NODE_POOL_NAME.path(), value, false))
                    .orElse(name);
            Optional<String> sharing = taken(cloudNames, shown(cloudName), place);
            if (namesake.isPresent()) {
                report(name, "is the name of %s too; give each pool its own", namesake.get());
            } else {
                sharing.ifPresent(
                        first -> report(cloudName, "is the cloud's pool of %s too; two pools cannot share one", first));
            }
        }

        private void report(Found found, String message, String first) {
            problems.add(found.key(), found.shown(), found.origin(), message.formatted(first));
        }

        private static <T> Optional<String> taken(Map<T, String> known, T value, String place) {
            return Optional.ofNullable(known.putIfAbsent(value, place));
        }

        private static String shown(Found found) {
            return Values.render(found.value()).strip();
        }

        private static Optional<LabelSelector> selector(String text) {
            try {
                return Optional.of(LabelSelector.parse(text));
            } catch (IllegalArgumentException e) {
                return Optional.empty(); // reported where it is read
            }
        }
    }
}
