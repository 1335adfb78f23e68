package io.kubescaler.testing.cluster;

import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Pods, as the stand-ins look at them. */
final class Pods {
    private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

    private Pods() {}

    /** Removes exactly this pod at once, as a kubelet does when its containers have ended; gone already is fine. */
    static void remove(KubernetesClient client, Pod pod) {
        String path = "/api/v1/namespaces/%s/pods/%s"
                .formatted(pod.getMetadata().getNamespace(), pod.getMetadata().getName());
        try {
            client.raw(
                    path,
                    "DELETE",
                    new DeleteOptionsBuilder()
                            .withGracePeriodSeconds(0L)
                            .withNewPreconditions()
                            .withUid(pod.getMetadata().getUid())
                            .endPreconditions()
                            .build());
        } catch (KubernetesClientException e) {
            // 409: another pod has that name by now
            if (e.getCode() != 404 && e.getCode() != 409) {
                throw e;
            }
        }
    }

    /** Returns the pods bound to a node, read from the API server. */
    static List<Pod> on(KubernetesClient client, String nodeName) {
        return client.pods()
                .inAnyNamespace()
                .withField("spec.nodeName", nodeName)
                .list()
                .getItems();
    }

    /** Returns whether it has not ended. */
    static boolean isLive(Pod pod) {
        return !ENDED.contains(pod.getStatus().getPhase());
    }

    static boolean hasLabel(Pod pod, String name, String value) {
        Map<String, String> labels = pod.getMetadata().getLabels();
        return labels != null && value.equals(labels.get(name));
    }

    static String key(Pod pod) {
        return pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
    }
}
