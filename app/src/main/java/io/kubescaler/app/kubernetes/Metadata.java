package io.kubescaler.app.kubernetes;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The {@code kind} and {@code metadata} of an object being read. Not thread-safe. */
final class Metadata {
    private final String expectedKind;
    private final Predicate<String> wantedLabels;
    private final Predicate<String> wantedAnnotations;
    private String kind = "";
    private String name = "";
    private String namespace = "";
    private String uid = "";
    private String resourceVersion = "";
    private Optional<Instant> createdAt = Optional.empty();
    private boolean beingDeleted;
    private final Map<String, String> labels = new HashMap<>();
    private final Map<String, String> annotations = new HashMap<>();
    private Optional<String> controllerKind = Optional.empty();
    private boolean ownedByNode;

    Metadata(String expectedKind, Predicate<String> wantedLabels, Predicate<String> wantedAnnotations) {
        this.expectedKind = expectedKind;
        this.wantedLabels = wantedLabels;
        this.wantedAnnotations = wantedAnnotations;
    }

    /** Takes the field of the object called {@code kind}. */
    void kind(JsonParser parser) throws IOException {
        kind = Json.text(parser).orElse("");
    }

    /** Takes the field of the object called {@code metadata}. */
    void read(JsonParser parser) throws IOException {
        Json.fields(parser, field -> {
            switch (field) {
                case "name" -> name = Json.text(parser).orElse("");
                case "namespace" -> namespace = Json.text(parser).orElse("");
                case "uid" -> uid = Json.text(parser).orElse("");
                case "resourceVersion" -> resourceVersion = Json.text(parser).orElse("");
                case "creationTimestamp" -> createdAt = Json.time(parser);
                case "deletionTimestamp" -> beingDeleted = Json.time(parser).isPresent();
                case "labels" -> wanted(parser, wantedLabels, labels);
                case "annotations" -> wanted(parser, wantedAnnotations, annotations);
                case "ownerReferences" -> Json.elements(parser, () -> owner(parser));
                default -> parser.skipChildren();
            }
        });
    }

    /** Checks what every object has. */
    void check(JsonParser parser) throws IOException {
        if (!kind.isEmpty() && !kind.equals(expectedKind)) {
            throw MalformedObjectException.at(
                    parser,
                    "expected a %s and found a %s%s".formatted(expectedKind, kind, name.isEmpty() ? "" : " " + name));
        }
        if (name.isEmpty()) {
            throw MalformedObjectException.at(parser, "a %s without metadata.name".formatted(expectedKind));
        }
    }

    String name() {
        return name;
    }

    String namespace() {
        return namespace;
    }

    String key() {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }

    /** Returns the UID; in a document without one, the key is as good. */
    String uid() {
        return uid.isEmpty() ? key() : uid;
    }

    String resourceVersion() {
        return resourceVersion;
    }

    Optional<Instant> createdAt() {
        return createdAt;
    }

    boolean beingDeleted() {
        return beingDeleted;
    }

    Map<String, String> labels() {
        return labels;
    }

    Map<String, String> annotations() {
        return annotations;
    }

    /** Returns the kind of the owner that is its controller. */
    Optional<String> controllerKind() {
        return controllerKind;
    }

    /** Returns whether one of its owners is a Node, as it is for static pods. */
    boolean ownedByNode() {
        return ownedByNode;
    }

    private static void wanted(JsonParser parser, Predicate<String> names, Map<String, String> into)
            throws IOException {
        Json.fields(parser, name -> {
            if (names.test(name)) {
                Json.text(parser).ifPresent(value -> into.put(name, value));
            } else {
                parser.skipChildren();
            }
        });
    }

    private void owner(JsonParser parser) throws IOException {
        Owner owner = new Owner();
        Json.fields(parser, field -> {
            switch (field) {
                case "kind" -> owner.kind = Json.text(parser).orElse("");
                case "controller" -> owner.controller = Json.flag(parser);
                default -> parser.skipChildren();
            }
        });
        ownedByNode |= owner.kind.equals("Node");
        if (owner.controller) {
            controllerKind = Optional.of(owner.kind);
        }
    }

    private static final class Owner {
        private String kind = "";
        private boolean controller;
    }
}
