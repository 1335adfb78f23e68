package io.kubescaler.app.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The hand-written description of the API, and what of it an answer breaks. */
final class OpenApi {
    private final JsonNode document;

    OpenApi() throws IOException {
        try (InputStream file = HttpServer.class.getResourceAsStream("openapi.yaml")) {
            document = new YAMLMapper().readTree(file);
        }
    }

    /** Returns the paths that are described. */
    Set<String> paths() {
        Set<String> paths = new TreeSet<>();
        document.get("paths").fieldNames().forEachRemaining(paths::add);
        return paths;
    }

    /** Returns the content types that are described for an answer; empty when the status is not described. */
    Set<String> contentTypes(String path, int status) {
        Set<String> types = new TreeSet<>();
        response(path, status).path("content").fieldNames().forEachRemaining(types::add);
        return types;
    }

    /** Returns everything in which a JSON answer differs from what is described. */
    List<String> complaints(String path, int status, JsonNode answer) {
        JsonNode schema = response(path, status).at("/content/application~1json/schema");
        if (schema.isMissingNode()) {
            return List.of("%s with status %d is not described".formatted(path, status));
        }
        List<String> complaints = new ArrayList<>();
        check(schema, answer, path, complaints);
        return complaints;
    }

    private JsonNode response(String path, int status) {
        return document.path("paths").path(path).path("get").path("responses").path(String.valueOf(status));
    }

    private void check(JsonNode given, JsonNode value, String at, List<String> complaints) {
        JsonNode schema = resolved(given);
        if (schema.has("oneOf")) {
            checkOneOf(schema.get("oneOf"), value, at, complaints);
            return;
        }
        if (!hasType(schema.get("type"), value)) {
            complaints.add("%s is %s and must be of type %s".formatted(at, value, schema.get("type")));
            return;
        }
        if (schema.has("enum") && elements(schema.get("enum")).noneMatch(value::equals)) {
            complaints.add("%s is %s, none of %s".formatted(at, value, schema.get("enum")));
        }
        if (value.isObject()) {
            checkObject(schema, value, at, complaints);
        }
        if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                check(schema.get("items"), value.get(i), at + "/" + i, complaints);
            }
        }
    }

    private void checkOneOf(JsonNode schemas, JsonNode value, String at, List<String> complaints) {
        List<String> all = new ArrayList<>();
        for (JsonNode schema : schemas) {
            List<String> own = new ArrayList<>();
            check(schema, value, at, own);
            if (own.isEmpty()) {
                return;
            }
            all.addAll(own);
        }
        complaints.addAll(all);
    }

    private void checkObject(JsonNode schema, JsonNode value, String at, List<String> complaints) {
        elements(schema.path("required"))
                .filter(name -> !value.has(name.asText()))
                .forEach(name -> complaints.add("%s/%s is missing".formatted(at, name.asText())));
        value.properties().forEach(field -> {
            JsonNode property = schema.path("properties").path(field.getKey());
            String below = at + "/" + field.getKey();
            if (property.isMissingNode()) {
                complaints.add(below + " is not described");
            } else {
                check(property, field.getValue(), below, complaints);
            }
        });
    }

    private JsonNode resolved(JsonNode schema) {
        return schema.has("$ref")
                ? resolved(document.at(schema.get("$ref").asText().substring(1)))
                : schema;
    }

    private static boolean hasType(JsonNode type, JsonNode value) {
        if (type.isArray()) {
            return elements(type).anyMatch(one -> hasType(one, value));
        }
        return switch (type.asText()) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "null" -> value.isNull();
            default -> throw new IllegalArgumentException("the test knows no type " + type);
        };
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
