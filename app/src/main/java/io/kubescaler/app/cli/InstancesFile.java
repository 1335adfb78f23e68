package io.kubescaler.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kubescaler.kubernetes.objects.JsonTrouble;
import io.kubescaler.model.Instance;
import io.kubescaler.model.Node;
import io.kubescaler.model.PoolDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads what stands for the cloud when planning from files: {@code { "size": 3, "instances": [ { "id": …, "node": …,
 * "providerId": …, "state": …, "createdAt": … } ] }}.
 */
final class InstancesFile {
    private static final String EXAMPLE = "{\"size\": 1, \"instances\": [{\"id\": \"i-1\", \"node\": \"node-1\","
            + " \"providerId\": null, \"state\": \"running\", \"createdAt\": \"2026-01-01T00:00:00Z\"}]}";

    private final Path file;

    private InstancesFile(Path file) {
        this.file = file;
    }

    /**
     * Reads a file.
     *
     * @throws CommandException when it cannot be read or holds something else; the message names the file, the place
     *     and what would be right
     */
    static PoolDescription read(Path file) throws CommandException {
        return new InstancesFile(file).read();
    }

    /** Returns what stands for the cloud when there is no file: every node is a running instance. */
    static PoolDescription ofNodes(List<Node> nodes) {
        List<Instance> instances = nodes.stream()
                .map(node -> new Instance(
                        node.name(),
                        node.providerId(),
                        Optional.of(node.name()),
                        Instance.State.RUNNING,
                        "",
                        node.createdAt()))
                .toList();
        return new PoolDescription(nodes.size(), instances, Optional.empty(), Optional.empty(), OptionalInt.empty());
    }

    private PoolDescription read() throws CommandException {
        JsonNode document = document();
        JsonNode size = document.path("size");
        if (!size.canConvertToInt() || !size.isIntegralNumber() || size.intValue() < 0) {
            throw wrong("size", size, "a whole number of 0 or more");
        }
        JsonNode instances = document.path("instances");
        if (!instances.isArray()) {
            throw wrong("instances", instances, "a list");
        }
        return new PoolDescription(
                size.intValue(), instances(instances), Optional.empty(), Optional.empty(), OptionalInt.empty());
    }

    private JsonNode document() throws CommandException {
        try {
            JsonNode document = new ObjectMapper().readTree(Files.readAllBytes(file));
            if (!document.isObject()) {
                throw CommandException.refused("%s holds no JSON object; write %s".formatted(file, EXAMPLE), null);
            }
            return document;
        } catch (JsonProcessingException e) {
            throw CommandException.refused(
                    "%s is not JSON: %s; write %s".formatted(file, JsonTrouble.describe(e), EXAMPLE), e);
        } catch (NoSuchFileException e) {
            throw CommandException.refused("%s: there is no such file; write %s".formatted(file, EXAMPLE), e);
        } catch (IOException e) {
            throw CommandException.refused("%s cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    private List<Instance> instances(JsonNode array) throws CommandException {
        List<Instance> instances = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < array.size(); i++) {
            Instance instance = instance(array.get(i), "instances[%d]".formatted(i));
            if (!ids.add(instance.id())) {
                throw CommandException.refused(
                        "%s: instances[%d].id is '%s', as another's is; each instance needs its own"
                                .formatted(file, i, instance.id()),
                        null);
            }
            instances.add(instance);
        }
        return instances;
    }

    private Instance instance(JsonNode entry, String place) throws CommandException {
        if (!entry.isObject()) {
            throw wrong(place, entry, "an object");
        }
        return new Instance(
                text(entry, place, "id").orElseThrow(() -> wrong(place + ".id", entry.path("id"), "a text")),
                text(entry, place, "providerId"),
                text(entry, place, "node"),
                state(entry.path("state"), place + ".state"),
                text(entry, place, "message").orElse(""),
                time(entry.path("createdAt"), place + ".createdAt"));
    }

    private Optional<String> text(JsonNode entry, String place, String field) throws CommandException {
        JsonNode value = entry.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual() || value.textValue().isBlank()) {
            throw wrong(place + "." + field, value, "a text that is not empty");
        }
        return Optional.of(value.textValue());
    }

    private Instance.State state(JsonNode value, String place) throws CommandException {
        return Arrays.stream(Instance.State.values())
                .filter(state -> word(state).equals(value.textValue()))
                .findFirst()
                .orElseThrow(() -> wrong(
                        place,
                        value,
                        Arrays.stream(Instance.State.values())
                                .map(InstancesFile::word)
                                .collect(Collectors.joining(", ", "one of ", ""))));
    }

    private static String word(Instance.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private Instant time(JsonNode value, String place) throws CommandException {
        try {
            return Instant.parse(value.asText());
        } catch (DateTimeParseException e) {
            throw wrong(place, value, "a time such as 2026-01-01T00:00:00Z");
        }
    }

    private CommandException wrong(String place, JsonNode value, String right) {
        String is = value.isMissingNode() ? "is missing" : "is " + value;
        return CommandException.refused("%s: %s %s; it must be %s".formatted(file, place, is, right), null);
    }
}
