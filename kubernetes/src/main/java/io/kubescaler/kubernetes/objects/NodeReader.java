package io.kubescaler.kubernetes.objects;

import com.fasterxml.jackson.core.JsonParser;
import io.kubescaler.model.Annotations;
import io.kubescaler.model.Node;
import io.kubescaler.model.Node.Marks;
import io.kubescaler.model.Node.Readiness;
import io.kubescaler.model.NodeLoad;
import io.kubescaler.model.Resources;
import io.kubescaler.model.Taint;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads nodes from JSON, straight into the few things that scaling needs, with an empty load. Not thread-safe. */
public final class NodeReader implements ObjectReader<Node> {
    private static final Set<String> PRESSURES =
            Set.of("DiskPressure", "MemoryPressure", "PIDPressure", "NetworkUnavailable");
    private static final Set<String> ANNOTATIONS =
            Set.of(Annotations.CORDONED_AT, Annotations.EMPTY_SINCE, Annotations.DELETING_AT, Annotations.KEEP);

    private final Interner interner;

    /** @param interner where nodes that are alike find what they share */
    public NodeReader(Interner interner) {
        this.interner = interner;
    }

    @Override
    public String kind() {
        return "Node";
    }

    @Override
    public Draft<Node> draft(LenientReader json) {
        return new NodeDraft(json);
    }

    private final class NodeDraft implements Draft<Node> {
        private final LenientReader json;
        private final Metadata metadata;
        private final Set<String> pressures = new HashSet<>();
        private final Set<Taint> taints = new HashSet<>();
        private Optional<String> providerId = Optional.empty();
        private boolean unschedulable;
        private Readiness readiness = new Readiness(false, Optional.empty());
        private Resources allocatable = Resources.NONE;

        NodeDraft(LenientReader json) {
            this.json = json;
            metadata = new Metadata(json, kind(), label -> true, ANNOTATIONS::contains).withManagers();
        }

        @Override
        public void field(String name, JsonParser parser) throws IOException {
            switch (name) {
                case "kind" -> metadata.kind(parser);
                case "metadata" -> metadata.read(parser);
                case "spec" -> json.fields(field -> spec(field, parser));
                case "status" -> json.fields(field -> status(field, parser));
                default -> parser.skipChildren();
            }
        }

        @Override
        public Observed<Node> finish(JsonParser parser) throws IOException {
            metadata.check(parser);
            return new Observed<>(metadata.key(), metadata.uid(), metadata.resourceVersion(), Optional.of(node()));
        }

        private void spec(String field, JsonParser parser) throws IOException {
            switch (field) {
                case "providerID" -> providerId = Json.text(parser).filter(id -> !id.isEmpty());
                case "unschedulable" -> unschedulable = Json.flag(parser);
                case "taints" -> json.elements(() -> taint(parser));
                default -> parser.skipChildren();
            }
        }

        private void status(String field, JsonParser parser) throws IOException {
            switch (field) {
                case "allocatable" -> allocatable = Resources.of(json.amounts());
                case "conditions" -> json.elements(() -> condition(parser));
                default -> parser.skipChildren();
            }
        }

        private void taint(JsonParser parser) throws IOException {
            Map<String, String> taint = new HashMap<>();
            json.fields(field -> {
                switch (field) {
                    case "key", "value", "effect" -> Json.text(parser).ifPresent(text -> taint.put(field, text));
                    default -> parser.skipChildren();
                }
            });
            String key = taint.getOrDefault("key", "");
            if (!key.isEmpty()) {
                taints.add(interner.share(
                        new Taint(key, taint.getOrDefault("value", ""), taint.getOrDefault("effect", ""))));
            }
        }

        private void condition(JsonParser parser) throws IOException {
            Condition condition = new Condition();
            json.fields(field -> {
                switch (field) {
                    case "type" -> condition.type = Json.text(parser).orElse("");
                    case "status" ->
                        condition.isTrue =
                                Json.text(parser).filter("True"::equals).isPresent();
                    case "lastTransitionTime" -> condition.changedAt = Json.time(parser);
                    default -> parser.skipChildren();
                }
            });
            if (condition.type.equals("Ready")) {
                readiness = new Readiness(condition.isTrue, condition.changedAt);
            } else if (condition.isTrue && PRESSURES.contains(condition.type)) {
                pressures.add(interner.share(condition.type));
            }
        }

        private Node node() {
            Marks marks = marks();
            Optional<Instant> createdAt = metadata.createdAt();
            if (createdAt.isEmpty()) {
                json.note("metadata.creationTimestamp", "it is not there");
            }
            Map<String, String> labels = new HashMap<>();
            metadata.labels().forEach((name, value) -> labels.put(interner.share(name), interner.share(value)));
            return new Node(
                    metadata.name(),
                    metadata.uid(),
                    metadata.resourceVersion(),
                    // a node of no known age is left alone: this one is old, so that nothing waits for it to boot
                    createdAt.orElse(Instant.EPOCH),
                    labels,
                    providerId,
                    unschedulable,
                    metadata.beingDeleted(),
                    readiness,
                    pressures,
                    taints,
                    interner.share(allocatable),
                    NodeLoad.EMPTY,
                    marks,
                    interner.share(metadata.cordonedBy()),
                    json.unreadable());
        }

        private Marks marks() {
            return new Marks(
                    time(Annotations.CORDONED_AT),
                    time(Annotations.EMPTY_SINCE),
                    time(Annotations.DELETING_AT),
                    "true".equals(metadata.annotations().get(Annotations.KEEP)));
        }

        // a time that nobody can read counts as absent, and the node is left alone
        private Optional<Instant> time(String annotation) {
            String text = metadata.annotations().get(annotation);
            try {
                return Optional.ofNullable(text).map(Instant::parse);
            } catch (DateTimeException malformed) {
                json.note("metadata.annotations." + annotation, "'%s' is no RFC 3339 time".formatted(text));
                return Optional.empty();
            }
        }
    }

    private static final class Condition {
        private String type = "";
        private boolean isTrue;
        private Optional<Instant> changedAt = Optional.empty();
    }
}
