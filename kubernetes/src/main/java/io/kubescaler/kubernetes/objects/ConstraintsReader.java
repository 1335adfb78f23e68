package io.kubescaler.kubernetes.objects;

import com.fasterxml.jackson.core.JsonParser;
import io.kubescaler.model.NodeAffinity;
import io.kubescaler.model.NodeAffinity.Requirement;
import io.kubescaler.model.NodeAffinity.Term;
import io.kubescaler.model.NodeConstraints;
import io.kubescaler.model.Toleration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads from a pod's {@code spec} what the scheduler filters nodes by. For one pod; not thread-safe. */
final class ConstraintsReader {
    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";

    private Map<String, String> nodeSelector = Map.of();
    private Optional<NodeAffinity> affinity = Optional.empty();
    private final List<Toleration> tolerations = new ArrayList<>();

    /** Takes the field called {@code nodeSelector}. */
    void nodeSelector(JsonParser parser) throws IOException {
        nodeSelector = texts(parser);
    }

    private static Map<String, String> texts(JsonParser parser) throws IOException {
        Map<String, String> texts = new HashMap<>();
        Json.fields(parser, name -> Json.text(parser).ifPresent(value -> texts.put(name, value)));
        return texts;
    }

    /** Takes the field called {@code affinity}. */
    void affinity(JsonParser parser) throws IOException {
        only(
                parser,
                "nodeAffinity",
                () -> only(parser, REQUIRED, () -> {
                    // a null is as good as none
                    if (parser.currentToken().isStructStart()) {
                        affinity = Optional.of(required(parser));
                    } else {
                        parser.skipChildren();
                    }
                }));
    }

    /** Takes the field called {@code tolerations}. */
    void tolerations(JsonParser parser) throws IOException {
        Json.elements(parser, () -> {
            Map<String, String> toleration = new HashMap<>();
            Json.fields(parser, field -> {
                switch (field) {
                    case "key", "operator", "value", "effect" ->
                        Json.text(parser).ifPresent(text -> toleration.put(field, text));
                    default -> parser.skipChildren();
                }
            });
            tolerations.add(new Toleration(
                    toleration.getOrDefault("key", ""),
                    toleration.getOrDefault("operator", ""),
                    toleration.getOrDefault("value", ""),
                    toleration.getOrDefault("effect", "")));
        });
    }

    /** Returns what was read. */
    NodeConstraints read() {
        return new NodeConstraints(nodeSelector, affinity, tolerations);
    }

    private static NodeAffinity required(JsonParser parser) throws IOException {
        List<Term> terms = new ArrayList<>();
        only(parser, "nodeSelectorTerms", () -> Json.elements(parser, () -> terms.add(term(parser))));
        return new NodeAffinity(terms);
    }

    private static Term term(JsonParser parser) throws IOException {
        List<Requirement> expressions = new ArrayList<>();
        List<Requirement> fields = new ArrayList<>();
        Json.fields(parser, field -> {
            switch (field) {
                case "matchExpressions" -> Json.elements(parser, () -> expressions.add(requirement(parser)));
                case "matchFields" -> Json.elements(parser, () -> fields.add(requirement(parser)));
                default -> parser.skipChildren();
            }
        });
        return new Term(expressions, fields);
    }

    private static Requirement requirement(JsonParser parser) throws IOException {
        Map<String, String> read = new HashMap<>();
        List<String> values = new ArrayList<>();
        Json.fields(parser, field -> {
            switch (field) {
                case "key", "operator" -> Json.text(parser).ifPresent(text -> read.put(field, text));
                case "values" -> Json.elements(parser, () -> Json.text(parser).ifPresent(values::add));
                default -> parser.skipChildren();
            }
        });
        return new Requirement(read.getOrDefault("key", ""), read.getOrDefault("operator", ""), values);
    }

    private static void only(JsonParser parser, String wanted, Json.ElementReader reader) throws IOException {
        Json.fields(parser, field -> {
            if (field.equals(wanted)) {
                reader.read();
            } else {
                parser.skipChildren();
            }
        });
    }
}
