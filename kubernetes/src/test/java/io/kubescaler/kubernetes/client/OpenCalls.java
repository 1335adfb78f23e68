package io.kubescaler.kubernetes.client;

import io.fabric8.kubernetes.client.KubernetesClient;

/** Shows what the {@link Calls} of a client keep. */
public final class OpenCalls {
    private OpenCalls() {}

    /** Returns how many calls of a client have begun and are not over. */
    public static int of(KubernetesClient client) {
        return Calls.of(client).size();
    }
}
