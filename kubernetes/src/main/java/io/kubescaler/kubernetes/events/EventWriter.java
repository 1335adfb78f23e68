package io.kubescaler.kubernetes.events;

import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.kubescaler.control.ClusterException;
import io.kubescaler.control.ClusterException.Kind;
import io.kubescaler.kubernetes.client.ApiErrors;
import io.kubescaler.kubernetes.events.Notice.Subject;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes Events of {@code events.k8s.io/v1}. An Event about a node is in the namespace {@code default} and refers to the
 * node by its name as UID, both as the kubelet does, so that {@code kubectl describe node} finds it.
 */
final class EventWriter implements EventSink {
    /** What the API server takes for the note of an Event, in bytes. */
    static final int NOTE_BYTES = 1024;

    private static final String CONTROLLER = "kubescaler.io/kubescaler";
    private static final String NODE_NAMESPACE = "default";
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSXXX").withZone(ZoneOffset.UTC);

    private final KubernetesClient client;
    private final Optional<OwnPod> ownPod;
    private final String instance;

    EventWriter(KubernetesClient client, Optional<OwnPod> ownPod, String instance) {
        this.client = client;
        this.ownPod = ownPod;
        this.instance = instance;
    }

    @Override
    public boolean canWrite(Notice notice) {
        return notice.subject() instanceof Subject.OfNode || ownPod.isPresent();
    }

    @Override
    public Event create(Notice notice) throws ClusterException {
        ObjectReference regarding = referenceTo(notice.subject());
        String namespace = Optional.ofNullable(regarding.getNamespace()).orElse(NODE_NAMESPACE);
        Event event = new EventBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withGenerateName(regarding.getName() + "-")
                .endMetadata()
                .withEventTime(time(notice.at()))
                .withReportingController(CONTROLLER)
                .withReportingInstance(instance)
                .withAction(notice.action())
                .withReason(notice.reason())
                .withType(notice.warning() ? "Warning" : "Normal")
                .withNote(shortened(notice.note()))
                .withRegarding(regarding)
                .withRelated(relatedTo(notice.subject()))
                .build();
        try {
            return client.resource(event).create();
        } catch (KubernetesClientException failure) {
            throw ApiErrors.translate("writing an event in namespace " + namespace, failure);
        }
    }

    @Override
    public boolean count(Event event, int count, Instant last) throws ClusterException {
        String patch =
                "{\"series\": {\"count\": %d, \"lastObservedTime\": \"%s\"}}".formatted(count, MICROS.format(last));
        String namespace = event.getMetadata().getNamespace();
        try {
            client.resource(event).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
            return true;
        } catch (KubernetesClientException failure) {
            ClusterException translated = ApiErrors.translate("counting an event in namespace " + namespace, failure);
            if (translated.kind() == Kind.GONE) {
                return false;
            }
            throw translated;
        }
    }

    private ObjectReference referenceTo(Subject subject) {
        if (subject instanceof Subject.OfNode node) {
            return new ObjectReferenceBuilder()
                    .withKind("Node")
                    .withName(node.name())
                    .withUid(node.name())
                    .build();
        }
        return podReference().orElseThrow();
    }

    private Optional<ObjectReference> podReference() {
        return ownPod.map(pod -> new ObjectReferenceBuilder()
                .withApiVersion("v1")
                .withKind("Pod")
                .withNamespace(pod.namespace())
                .withName(pod.name())
                .withUid(pod.uid().orElse(null))
                .build());
    }

    private @Nullable ObjectReference relatedTo(Subject subject) {
        return subject instanceof Subject.OfNode ? podReference().orElse(null) : null;
    }

    private static MicroTime time(Instant at) {
        return new MicroTime(MICROS.format(at));
    }

    /** Cuts a note to what the API server takes, at a character's border. */
    static String shortened(String note) {
        CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
        CharBuffer characters = CharBuffer.wrap(note);
        encoder.encode(characters, ByteBuffer.allocate(NOTE_BYTES), true);
        return note.substring(0, characters.position());
    }
}
