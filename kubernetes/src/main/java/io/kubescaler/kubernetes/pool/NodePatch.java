package io.kubescaler.kubernetes.pool;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.kubescaler.model.Annotations;
import io.kubescaler.plan.Mark;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A change to a node, all of it in one write.
 *
 * @param annotations the annotations to set; empty for one that is removed
 * @param unschedulable what {@code spec.unschedulable} becomes; empty when it stays as it is
 */
record NodePatch(Map<String, Optional<Instant>> annotations, Optional<Boolean> unschedulable) {
    private static final JsonFactory FACTORY = new JsonFactory();

    NodePatch {
        annotations = Map.copyOf(annotations);
    }

    /** Sets a node aside. */
    static NodePatch cordon(Instant cordonedAt, Optional<Instant> emptySince) {
        return new NodePatch(
                Map.of(
                        Annotations.CORDONED_AT, Optional.of(cordonedAt),
                        Annotations.EMPTY_SINCE, emptySince,
                        Annotations.DELETING_AT, Optional.empty()),
                Optional.of(true));
    }

    /** Takes a node back. */
    static NodePatch uncordon() {
        return new NodePatch(withoutAll(), Optional.of(false));
    }

    /**
     * Makes known that a node is about to be deleted; one that was not set aside yet is so at the same time.
     *
     * @param cordonedByUs whether it was seen set aside by the scaler; a mark of ours on a schedulable node is void
     */
    static NodePatch deleting(Instant deletingAt, boolean cordonedByUs) {
        Map<String, Optional<Instant>> set = new TreeMap<>(Map.of(Annotations.DELETING_AT, Optional.of(deletingAt)));
        if (!cordonedByUs) {
            set.put(Annotations.CORDONED_AT, Optional.of(deletingAt));
        }
        return new NodePatch(set, Optional.of(true));
    }

    /** Changes annotations alone. */
    static NodePatch mark(Mark mark) {
        return new NodePatch(
                switch (mark.kind()) {
                    case SET_EMPTY_SINCE ->
                        Map.of(Annotations.EMPTY_SINCE, Optional.of(mark.at().orElseThrow()));
                    case CLEAR_EMPTY_SINCE -> Map.of(Annotations.EMPTY_SINCE, Optional.empty());
                    case CLEAR_DELETING -> Map.of(Annotations.DELETING_AT, Optional.empty());
                    case CLEAR_ALL -> withoutAll();
                },
                Optional.empty());
    }

    private static Map<String, Optional<Instant>> withoutAll() {
        return Map.of(
                Annotations.CORDONED_AT, Optional.empty(),
                Annotations.EMPTY_SINCE, Optional.empty(),
                Annotations.DELETING_AT, Optional.empty());
    }

    /**
     * Returns it as a JSON merge patch (RFC 7386) that the API server refuses with 409 unless the node has this version.
     */
    String json(String resourceVersion) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            json.writeObjectFieldStart("metadata");
            json.writeStringField("resourceVersion", resourceVersion);
            json.writeObjectFieldStart("annotations");
            for (Map.Entry<String, Optional<Instant>> annotation : new TreeMap<>(annotations).entrySet()) {
                json.writeFieldName(annotation.getKey());
                if (annotation.getValue().isPresent()) {
                    json.writeString(annotation.getValue().get().toString());
                } else {
                    json.writeNull();
                }
            }
            json.writeEndObject();
            json.writeEndObject();
            if (unschedulable.isPresent()) {
                json.writeObjectFieldStart("spec");
                json.writeBooleanField("unschedulable", unschedulable.get());
                json.writeEndObject();
            }
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }
}
