package io.kubescaler.app.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.kubescaler.provider.Secret;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the values of one pool, or of the scaler, by their keys. What is wrong with one is added to the problems and
 * reads as empty. For one thread.
 */
final class Values {
    private static final Pattern CREDENTIALS = Pattern.compile("://[^/@\\s]*@");

    private final ConfigObject shared;
    private final Optional<Entry> entry;
    private final Problems problems;
    private final Sources sources;
    private final SecretFiles secretFiles;

    /**
     * An entry of {@code node-pools}, whose keys override the shared ones.
     *
     * @param object the entry
     * @param prefix what is put before its keys when they are shown, such as {@code node-pools[0].}
     */
    record Entry(ConfigObject object, String prefix) {}

    /** A value that was found, with the key it is shown by. */
    record Found(String key, ConfigValue value, boolean secret) {
        String origin() {
            return Origins.of(value.origin());
        }

        /** Returns whether an entry of {@code node-pools} has it, rather than all pools together. */
        boolean ofEntry(Key of) {
            return !key.equals(of.path());
        }

        /** Returns the value as it may be shown; empty for a secret. */
        Optional<String> shown() {
            return secret ? Optional.empty() : Optional.of(Values.shown(value));
        }
    }

    Values(ConfigObject shared, Optional<Entry> entry, Problems problems, Sources sources, SecretFiles secretFiles) {
        this.shared = shared;
        this.secretFiles = secretFiles;
        this.entry = entry;
        this.problems = problems;
        this.sources = sources;
    }

    /** Returns the value of a key, the entry's own before the shared one; empty when it is null or a blank text. */
    Optional<Found> find(Key key) {
        Optional<Found> own = entry.flatMap(it ->
                at(it.object(), key.path()).map(value -> new Found(it.prefix() + key.path(), value, key.secret())));
        return own.or(() -> at(shared, key.path()).map(value -> new Found(key.path(), value, key.secret())));
    }

    static Optional<ConfigValue> at(ConfigObject object, String path) {
        @Nullable ConfigValue value = object;
        for (String part : path.split("\\.", -1)) {
            value = value instanceof ConfigObject group ? group.get(part) : null;
        }
        return Optional.ofNullable(value).filter(it -> !unset(it));
    }

    private static boolean unset(ConfigValue value) {
        return value.valueType() == ConfigValueType.NULL
                || (value.unwrapped() instanceof String text && text.isBlank());
    }

    /** Returns a value as it may be shown: as one would write it, without the credentials of an address. */
    static String shown(ConfigValue value) {
        return CREDENTIALS.matcher(render(value)).replaceAll("://***@");
    }

    /** Returns a value as one would write it. */
    static String render(ConfigValue value) {
        return value.valueType() == ConfigValueType.STRING
                ? (String) value.unwrapped()
                : value.render(ConfigRenderOptions.concise());
    }

    /** Adds the problem that a key has no value, with where it may be set. */
    void missing(Key key, String whatItIs) {
        absent(key, "is not set; set it in the file, by %s or by --set: %s".formatted(variables(key), whatItIs));
    }

    /** Adds a problem with a key that has no value, unless it had one that could not be used. */
    void absent(Key key, String message) {
        if (problems.has(key.path())) {
            return;
        }
        String variable = sources.environment().containsKey(key.variable())
                ? "variable %s (set to nothing)".formatted(key.variable())
                : "variable " + variables(key);
        problems.add(
                entry.map(Entry::prefix).orElse("") + key.path(),
                Optional.empty(),
                entry.map(it -> Origins.of(it.object().origin())).orElse(variable),
                message);
    }

    private static String variables(Key key) {
        return key.variable() + (key.secret() ? " or " + key.variable() + "_FILE" : "");
    }

    /** Adds a problem with a value that was found. */
    void wrong(Found found, String message) {
        problems.add(found.key(), found.shown(), found.origin(), message);
    }

    /** Adds a problem with the value of a key, wherever that came from. */
    void wrong(Key key, String message) {
        find(key)
                .ifPresentOrElse(
                        found -> wrong(found, message),
                        () -> problems.add(key.path(), Optional.empty(), "variable " + key.variable(), message));
    }

    /** Reads a text; numbers and booleans are taken as they are written. */
    Optional<String> text(Key key) {
        return find(key).flatMap(found -> text(found, "is no text"));
    }

    /** Reads a text that there must be. */
    Optional<String> required(Key key, String whatItIs) {
        if (find(key).isEmpty()) {
            missing(key, whatItIs);
        }
        return text(key);
    }

    private Optional<String> text(Found found, String otherwise) {
        return switch (found.value().valueType()) {
            case STRING, NUMBER, BOOLEAN -> Optional.of(render(found.value()).strip());
            case OBJECT, LIST, NULL -> {
                wrong(
                        found,
                        otherwise
                                + (found.secret()
                                        ? "; write it in quotes"
                                        : "; write one value, not a list or object"));
                yield Optional.empty();
            }
        };
    }

    /** Reads a text that a function understands or refuses with a clause of what would be right. */
    <T> Optional<T> parsed(Key key, Function<String, T> parser) {
        return find(key).flatMap(found -> parsed(found, parser));
    }

    /** Reads a text that there must be and that a function understands or refuses. */
    <T> Optional<T> required(Key key, String whatItIs, Function<String, T> parser) {
        if (find(key).isEmpty()) {
            missing(key, whatItIs);
        }
        return parsed(key, parser);
    }

    private <T> Optional<T> parsed(Found found, Function<String, T> parser) {
        return text(found, "has the wrong type").flatMap(text -> {
            try {
                return Optional.of(parser.apply(text));
            } catch (IllegalArgumentException e) {
                wrong(found, String.valueOf(e.getMessage()));
                return Optional.empty();
            }
        });
    }

    /** Reads a whole number within bounds that has a default. */
    Optional<Integer> integer(Key key, int least, int most, String whatItIs) {
        return required(key, whatItIs, text -> integer(text, least, most, whatItIs));
    }

    /** Reads a whole number of seconds, which carries no unit. */
    Optional<Duration> seconds(Key key, int least) {
        String whatItIs = "a whole number of seconds without a unit, such as 120";
        return integer(key, least, Integer.MAX_VALUE, whatItIs).map(Duration::ofSeconds);
    }

    private static int integer(String text, int least, int most, String whatItIs) {
        long number;
        try {
            number = new BigDecimal(text).longValueExact();
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("is no whole number in range; write " + whatItIs, e);
        }
        if (number < least) {
            throw new IllegalArgumentException("is below %d; write %s".formatted(least, whatItIs));
        }
        if (number > most) {
            throw new IllegalArgumentException("is above %d; write %s".formatted(most, whatItIs));
        }
        return (int) number;
    }

    /** Reads a duration that carries a unit and has a default. */
    Optional<Duration> duration(Key key, Duration least) {
        return required(key, "a duration such as 15m", text -> {
            Duration duration = Durations.parse(text);
            if (duration.compareTo(least) < 0) {
                throw new IllegalArgumentException(
                        "is too short; write %s or longer".formatted(Durations.write(least)));
            }
            return duration;
        });
    }

    /** Reads true or false. */
    Optional<Boolean> bool(Key key) {
        return parsed(key, Values::bool);
    }

    /** Reads true or false that has a default. */
    Optional<Boolean> requiredBool(Key key) {
        return required(key, "true or false", Values::bool);
    }

    private static boolean bool(String text) {
        return switch (text) {
            case "true", "yes", "on" -> true;
            case "false", "no", "off" -> false;
            default -> throw new IllegalArgumentException("is neither true nor false; write one of the two");
        };
    }

    /** Reads a list of texts, or one text with commas between them. */
    List<String> texts(Key key) {
        return texts(key, ",");
    }

    /** Reads a list of texts, or one text with that separator between them. */
    List<String> texts(Key key, String separator) {
        Optional<Found> found = find(key);
        if (found.isPresent() && found.get().value() instanceof ConfigList list) {
            if (list.stream().anyMatch(it -> it.valueType() != ConfigValueType.STRING)) {
                wrong(found.get(), "is no list of texts; write [\"one\", \"two\"]");
                return List.of();
            }
            return list.stream().map(Values::render).toList();
        }
        return text(key).stream()
                .flatMap(text -> Arrays.stream(text.split(separator, -1)))
                .map(String::strip)
                .toList();
    }

    /** Reads an object of texts, or one text {@code name=value,name=value}. */
    Map<String, String> map(Key key) {
        Optional<Found> found = find(key);
        if (found.isPresent() && found.get().value() instanceof ConfigObject object) {
            return object.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, it -> render(it.getValue())));
        }
        return parsed(key, Values::pairs).orElse(Map.of());
    }

    private static Map<String, String> pairs(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(
                        pair -> pair[0].strip(),
                        pair -> {
                            if (pair.length < 2) {
                                throw new IllegalArgumentException("is no list of name=amount; write one such as"
                                        + " example.com/gpu=1,ephemeral-storage=10Gi");
                            }
                            return pair[1].strip();
                        },
                        (first, second) -> {
                            throw new IllegalArgumentException("names a resource twice; name each once");
                        }));
    }

    /** Reads a secret, and has every text about the configuration mask it. One of a file is read anew when that changes. */
    Optional<Secret> secret(Key key) {
        Optional<Secret> secret = text(key)
                .map(text -> secretFile(key)
                        .flatMap(file -> secretFiles.secret(key, file))
                        .orElseGet(() -> new Secret(text)));
        secret.ifPresent(problems::protect);
        return secret;
    }

    private Optional<Path> secretFile(Key key) {
        String variable = key.variable() + "_FILE";
        return find(key)
                .filter(found -> found.origin().equals(Origins.variable(variable)))
                .flatMap(found -> Optional.ofNullable(sources.environment().get(variable)))
                .map(Path::of);
    }
}
