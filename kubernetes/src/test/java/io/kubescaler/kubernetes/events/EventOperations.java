package io.kubescaler.kubernetes.events;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubescaler.control.ClusterException;
import io.kubescaler.kubernetes.events.Notice.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Writes of the production event writer, for tests of permissions. */
public final class EventOperations {
    private EventOperations() {}

    /** Writes an Event about a node. */
    public static Event tellOfNode(KubernetesClient client, String node) throws ClusterException {
        return tell(client, new Subject.OfNode(node), Optional.empty());
    }

    /** Writes an Event about the own pod. */
    public static Event tellOfPod(KubernetesClient client, OwnPod pod) throws ClusterException {
        return tell(client, new Subject.OwnPod(), Optional.of(pod));
    }

    /** Counts the same again on an Event. */
    public static void count(KubernetesClient client, Event event) throws ClusterException {
        if (!new EventWriter(client, Optional.empty(), "test").count(event, 2, Instant.now())) {
            throw new AssertionError("the event is gone: " + event);
        }
    }

    private static Event tell(KubernetesClient client, Subject subject, Optional<OwnPod> pod) throws ClusterException {
        return new EventWriter(client, pod, "test")
                .create(new Notice(
                        subject, "NodeCordoned", "Cordon", false, "a test", "", Duration.ofMinutes(1), Instant.now()));
    }
}
