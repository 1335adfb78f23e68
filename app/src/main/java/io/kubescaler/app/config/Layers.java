package io.kubescaler.app.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lays the sources of a configuration over each other: defaults, file, environment, {@code --set}; the later wins. Each
 * value keeps where it came from. For one thread.
 */
final class Layers {
    static final String ROOT = "kubescaler";
    static final String FILE_VARIABLE = "KUBESCALER_CONFIG";

    private static final List<String> GROUPS =
            List.of(ROOT, ROOT + ".leader-election", ROOT + ".http", ROOT + ".log", ROOT + ".providers");

    private final Sources sources;
    private final List<KnownVariable> variables;
    private final Problems problems;

    /**
     * One variable of the environment that sets a key.
     *
     * @param path the key below {@code kubescaler}
     * @param secret whether it may be read from a file too, named by the variable with {@code _FILE} after it
     */
    record KnownVariable(String path, boolean secret) {
        String name() {
            return Key.variable(path);
        }
    }

    Layers(Sources sources, List<KnownVariable> variables, Problems problems) {
        this.sources = sources;
        this.variables = variables;
        this.problems = problems;
    }

    /**
     * Reads all layers.
     *
     * @return what the file and {@code --set} hold beside {@code kubescaler} is there too
     * @throws ConfigurationException when the file cannot be read or the layers not be put together, so that the rest would only mislead
     */
    ConfigObject read() throws ConfigurationException {
        String named = sources.environment().getOrDefault(FILE_VARIABLE, "").strip();
        Optional<Path> byVariable = named.isEmpty() ? Optional.empty() : Optional.of(Path.of(named));
        Config file = sources.file()
                .map(this::fileOfOption)
                .or(() -> byVariable.map(path -> file(path, Origins.variable(FILE_VARIABLE))))
                .orElse(ConfigFactory.empty());
        problems.throwIfAny();
        return resolved(environment(), file, defaults());
    }

    /**
     * Reads the file of {@code --config} and {@code --set} alone, over defaults that a command brings.
     *
     * @throws ConfigurationException as {@link #read}
     */
    ConfigObject readOver(Config own) throws ConfigurationException {
        Config file = sources.file().map(this::fileOfOption).orElse(ConfigFactory.empty());
        problems.throwIfAny();
        return resolved(ConfigFactory.empty(), file, own.withFallback(defaults()));
    }

    /** Returns what holds below {@code kubescaler} before anything is set, over which a command brings its own. */
    ConfigObject before(Config own) {
        return own.withFallback(defaults()).resolve().getObject(ROOT);
    }

    private Config defaults() {
        return derived().withFallback(reference());
    }

    private ConfigObject resolved(Config environment, Config parsed, Config defaults) throws ConfigurationException {
        Config file = groupsOnly(parsed);
        Config assignments = groupsOnly(assignments());
        Config all = assignments.withFallback(environment).withFallback(file).withFallback(defaults);
        try {
            return all.resolve(ConfigResolveOptions.noSystem().appendResolver(new Variables(sources.environment())))
                    .root();
        } catch (ConfigException.UnresolvedSubstitution e) {
            problems.add(
                    "",
                    Optional.empty(),
                    where(e),
                    "refers to ${…} that neither the configuration nor the"
                            + " environment has; set it, or write ${?…} for one that may be missing");
        } catch (ConfigException e) {
            problems.add(
                    "", Optional.empty(), where(e), "cannot be put together; look for substitutions ${…} in a circle");
        }
        problems.throwIfAny();
        throw new IllegalStateException("unreachable: a failed resolution is a problem");
    }

    // a plain value in the place of a group would hide the whole group of the layers below
    private Config groupsOnly(Config layer) {
        Config checked = layer;
        for (String group : GROUPS) {
            Optional<ConfigOrigin> plain = plainValue(layer, group);
            if (plain.isPresent()) {
                String key = group.equals(ROOT) ? ROOT : group.substring(ROOT.length() + 1);
                problems.add(
                        key,
                        Optional.empty(),
                        Origins.of(plain.get()),
                        "is a group of keys and takes no value" + " itself; write %s { … }".formatted(key));
                checked = checked.withoutPath(group);
            }
        }
        return checked;
    }

    private static Optional<ConfigOrigin> plainValue(Config layer, String path) {
        try {
            @Nullable ConfigValue value = layer.root();
            for (String part : path.split("\\.", -1)) {
                value = value instanceof ConfigObject group ? group.get(part) : null;
            }
            return value == null || value.valueType() == ConfigValueType.OBJECT
                    ? Optional.empty()
                    : Optional.of(value.origin());
        } catch (ConfigException.NotResolved e) {
            return Optional.empty(); // a substitution, of which nothing is known yet
        }
    }

    private static Config reference() {
        return ConfigFactory.parseResources(
                Layers.class.getClassLoader(),
                "reference.conf",
                ConfigParseOptions.defaults().setAllowMissing(false).setOriginDescription(Origins.DEFAULT));
    }

    // as the XDG Base Directory Specification has it
    private String stateFolder() {
        String stated = sources.environment().getOrDefault("XDG_STATE_HOME", "");
        String home = sources.environment().getOrDefault("HOME", "");
        return (stated.isBlank() ? home + "/.local/state" : stated) + "/kubescaler";
    }

    // defaults that depend on where the process runs
    private Config derived() {
        boolean inCluster = sources.inCluster().isPresent();
        String origin = Origins.DEFAULT + (inCluster ? " in a cluster" : " outside a cluster");
        return ConfigFactory.empty()
                .withValue(
                        ROOT + "." + Key.HTTP_HOST.path(),
                        ConfigValueFactory.fromAnyRef(inCluster ? "0.0.0.0" : "127.0.0.1", origin))
                .withValue(ROOT + "." + Key.STATE_FOLDER.path(), ConfigValueFactory.fromAnyRef(stateFolder(), origin))
                .withValue(
                        ROOT + "." + Key.LOG_FORMAT.path(),
                        ConfigValueFactory.fromAnyRef(inCluster ? "json" : "plain", origin));
    }

    private Config fileOfOption(Path path) {
        return file(path, "--config");
    }

    private Config file(Path path, String origin) {
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            String trouble = Files.exists(path) ? "cannot be read as a file" : "does not exist";
            problems.add("", Optional.of(path.toString()), origin, trouble + "; name a readable configuration file");
            return ConfigFactory.empty();
        }
        try {
            return FilesAlone.read(path, problems);
        } catch (FilesAlone.Refused refused) {
            problems.add("", Optional.empty(), path.toString(), String.valueOf(refused.getMessage()));
            return ConfigFactory.empty();
        } catch (ConfigException e) {
            // what the parser says may quote the line, and so a token
            problems.add(
                    "",
                    Optional.empty(),
                    where(e, path),
                    "is no valid HOCON or JSON; look for a missing quote, brace or comma there or on the line before,"
                            + " and put quotes around values with special characters");
            return ConfigFactory.empty();
        }
    }

    private Config environment() {
        Config layer = ConfigFactory.empty();
        for (KnownVariable variable : variables) {
            Optional<ConfigValue> value = variable(variable);
            if (value.isPresent()) {
                layer = layer.withValue(ROOT + "." + variable.path(), value.get());
            }
        }
        return layer;
    }

    // a variable set to nothing counts as not set: manifests and shells set variables to '' to mean that
    private Optional<ConfigValue> variable(KnownVariable variable) {
        Optional<String> direct = nonBlank(variable.name());
        Optional<String> fileName = variable.secret() ? nonBlank(variable.name() + "_FILE") : Optional.empty();
        if (direct.isPresent() && fileName.isPresent()) {
            problems.add(
                    variable.path(),
                    Optional.empty(),
                    Origins.variable(variable.name()),
                    "is set beside %s_FILE; set one of the two".formatted(variable.name()));
            return Optional.empty();
        }
        if (fileName.isPresent()) {
            return secretFile(variable, fileName.get());
        }
        return direct.flatMap(text -> value(text, variable.path(), Origins.variable(variable.name())));
    }

    private Optional<ConfigValue> secretFile(KnownVariable variable, String fileName) {
        String origin = Origins.variable(variable.name() + "_FILE");
        try {
            String text = Files.readString(Path.of(fileName)).strip();
            if (text.isEmpty()) {
                problems.add(
                        variable.path(),
                        Optional.empty(),
                        origin,
                        "names the file %s, which is empty".formatted(fileName));
                return Optional.empty();
            }
            return Optional.of(ConfigValueFactory.fromAnyRef(text, origin));
        } catch (IOException | IllegalArgumentException e) {
            problems.add(
                    variable.path(),
                    Optional.empty(),
                    origin,
                    "names the file %s, which cannot be read; name a readable text file with nothing but the secret"
                            .formatted(fileName));
            return Optional.empty();
        }
    }

    private Optional<String> nonBlank(String name) {
        return Optional.ofNullable(sources.environment().get(name)).filter(text -> !text.isBlank());
    }

    private Config assignments() {
        Config layer = ConfigFactory.empty();
        for (String assignment : sources.assignments()) {
            Optional<Map.Entry<String, ConfigValue>> parsed = assignment(assignment);
            if (parsed.isPresent()) {
                layer = layer.withoutPath(parsed.get().getKey())
                        .withValue(parsed.get().getKey(), parsed.get().getValue());
            }
        }
        return layer;
    }

    private Optional<Map.Entry<String, ConfigValue>> assignment(String assignment) {
        int equals = assignment.indexOf('=');
        String key = equals < 0 ? assignment : assignment.substring(0, equals).strip();
        if (equals <= 0 || key.isEmpty()) {
            // nothing of it is shown: it may be a secret whose key was forgotten
            problems.add("", Optional.empty(), Origins.SET, "takes key=value, such as --set buffer-slot-size=8");
            return Optional.empty();
        }
        try {
            List<String> parts = ConfigUtil.splitPath(key);
            String path = parts.get(0).equals(ROOT) ? key : ROOT + "." + key;
            return value(assignment.substring(equals + 1), key, Origins.SET).map(value -> Map.entry(path, value));
        } catch (ConfigException e) {
            problems.add(
                    "",
                    Optional.empty(),
                    Origins.SET,
                    "has a malformed key; write it as in a file, such as"
                            + " http.port or server-resource-requests.\"example.com/gpu\"");
            return Optional.empty();
        }
    }

    // outside files a value is its text as it stands, but for lists and objects, which are HOCON
    private Optional<ConfigValue> value(String text, String key, String origin) {
        String stripped = text.strip();
        if (!stripped.startsWith("[") && !stripped.startsWith("{")) {
            return Optional.of(ConfigValueFactory.fromAnyRef(text, origin));
        }
        try {
            return Optional.of(ConfigFactory.parseString(
                            "value = " + stripped,
                            ConfigParseOptions.defaults()
                                    .setOriginDescription(origin)
                                    .setIncluder(FilesAlone.none(problems)))
                    .getValue("value"));
        } catch (FilesAlone.Refused refused) {
            problems.add(key, Optional.empty(), origin, String.valueOf(refused.getMessage()));
            return Optional.empty();
        } catch (ConfigException e) {
            problems.add(
                    key, Optional.empty(), origin, "is no valid HOCON list or object; check its brackets and quotes");
            return Optional.empty();
        }
    }

    private static String where(ConfigException e) {
        return e.origin() == null ? "configuration" : Origins.of(e.origin());
    }

    private static String where(ConfigException e, Path path) {
        return e.origin() == null ? path.toString() : Origins.of(e.origin());
    }

    /** Looks substitutions up in the environment that was handed in, not in that of the process. */
    private record Variables(Map<String, String> environment) implements ConfigResolver {
        @Override
        public @Nullable ConfigValue lookup(String path) {
            String name = String.join(".", ConfigUtil.splitPath(path));
            String text = environment.get(name);
            return text == null ? null : ConfigValueFactory.fromAnyRef(text, Origins.variable(name));
        }

        @Override
        public ConfigResolver withFallback(ConfigResolver fallback) {
            return this;
        }
    }
}
