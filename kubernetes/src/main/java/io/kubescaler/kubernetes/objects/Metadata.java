package io.kubescaler.kubernetes.objects;

import com.fasterxml.jackson.core.JsonParser;
import io.kubescaler.model.Node;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The {@code kind} and {@code metadata} of an object being read. Not thread-safe. */
final class Metadata {
    private final LenientReader json;
    private final String expectedKind;
    private final Predicate<String> wantedLabels;
    private final Predicate<String> wantedAnnotations;
    private String kind = "";
    private String name = "";
    private String namespace = "";
    private String uid = "";
    private String resourceVersion = "";
    // of a pod that is on a node nobody asks, and to make sense of it costs as much as the other metadata
    private Optional<String> createdAtText = Optional.empty();
    private boolean beingDeleted;
    private final Map<String, String> labels = new HashMap<>();
    private final Map<String, String> annotations = new HashMap<>();
    private Optional<String> controllerKind = Optional.empty();
    private boolean ownedByNode;
    private boolean wantsManagers;
    private Optional<String> cordonedBy = Optional.empty();

    Metadata(
            LenientReader json,
            String expectedKind,
            Predicate<String> wantedLabels,
            Predicate<String> wantedAnnotations) {
        this.json = json;
        this.expectedKind = expectedKind;
        this.wantedLabels = wantedLabels;
        this.wantedAnnotations = wantedAnnotations;
    }

    /** Has it look for who owns {@code spec.unschedulable}. */
    Metadata withManagers() {
        wantsManagers = true;
        return this;
    }

    /** Takes the field of the object called {@code kind}. */
    void kind(JsonParser parser) throws IOException {
        kind = Json.text(parser).orElse("");
    }

    /** Takes the field of the object called {@code metadata}. */
    void read(JsonParser parser) throws IOException {
        json.fields(field -> {
            switch (field) {
                case "name" -> name = Json.text(parser).orElse("");
                case "namespace" -> namespace = Json.text(parser).orElse("");
                case "uid" -> uid = Json.text(parser).orElse("");
                case "resourceVersion" -> resourceVersion = Json.text(parser).orElse("");
                case "creationTimestamp" -> createdAtText = Json.text(parser);
                case "deletionTimestamp" -> beingDeleted = Json.text(parser).isPresent();
                case "labels" -> wanted(parser, wantedLabels, labels);
                case "annotations" -> wanted(parser, wantedAnnotations, annotations);
                case "managedFields" -> managers(parser);
                case "ownerReferences" -> json.elements(() -> owner(parser));
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
            throw MalformedObjectException.ofOneObject(parser, "a %s without metadata.name".formatted(expectedKind));
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

    /** Returns when it was created; empty when it does not say so, or says something else, which is noted. */
    Optional<Instant> createdAt() {
        try {
            return createdAtText.map(Instant::parse);
        } catch (DateTimeException malformed) {
            json.note("metadata.creationTimestamp", "'%s' is no RFC 3339 time".formatted(createdAtText.orElseThrow()));
            return Optional.empty();
        }
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

    /**
     * Returns who last set {@code spec.unschedulable}, by the managed fields; empty when it is not set, or when they are
     * not there or not looked at. Of several owners, as server-side apply makes them, it is one who is not the scaler.
     */
    Optional<String> cordonedBy() {
        return cordonedBy;
    }

    /** Returns the kind of the owner that is its controller. */
    Optional<String> controllerKind() {
        return controllerKind;
    }

    /** Returns whether one of its owners is a Node, as it is for static pods. */
    boolean ownedByNode() {
        return ownedByNode;
    }

    private void wanted(JsonParser parser, Predicate<String> names, Map<String, String> into) throws IOException {
        json.fields(name -> {
            if (names.test(name)) {
                Json.text(parser).ifPresent(value -> into.put(name, value));
            } else {
                parser.skipChildren();
            }
        });
    }

    private void owner(JsonParser parser) throws IOException {
        Owner owner = new Owner();
        json.fields(field -> {
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

    private void managers(JsonParser parser) throws IOException {
        if (wantsManagers) {
            json.elements(() -> managed(parser));
        } else {
            parser.skipChildren();
        }
    }

    private void managed(JsonParser parser) throws IOException {
        Manager manager = new Manager();
        json.fields(field -> {
            switch (field) {
                case "manager" -> manager.name = Json.text(parser).orElse("");
                case "subresource" ->
                    manager.ofSubresource =
                            Json.text(parser).filter(it -> !it.isEmpty()).isPresent();
                case "fieldsV1" -> manager.cordons = cordons(parser);
                default -> parser.skipChildren();
            }
        });
        if (manager.cordons && !manager.ofSubresource) {
            cordonedBy = cordonedBy.filter(it -> !it.equals(Node.FIELD_MANAGER)).or(() -> Optional.of(manager.name));
        }
    }

    // whether it owns spec.unschedulable
    private boolean cordons(JsonParser parser) throws IOException {
        boolean[] owns = {false};
        json.fields(field -> {
            if (field.equals("f:spec")) {
                json.fields(inSpec -> {
                    owns[0] |= inSpec.equals("f:unschedulable");
                    parser.skipChildren();
                });
            } else {
                parser.skipChildren();
            }
        });
        return owns[0];
    }

    private static final class Manager {
        private String name = "";
        private boolean ofSubresource;
        private boolean cordons;
    }

    private static final class Owner {
        private String kind = "";
        private boolean controller;
    }
}
