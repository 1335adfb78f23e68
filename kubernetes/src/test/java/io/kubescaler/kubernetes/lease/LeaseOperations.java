package io.kubescaler.kubernetes.lease;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubescaler.control.ClusterException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/** Attempts of the production elector, for tests of permissions. */
public final class LeaseOperations {
    private static final LeaseTiming TIMING =
            new LeaseTiming(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(5));

    private LeaseOperations() {}

    /** Makes one attempt: reads the lease, and takes or creates it where it is free. */
    public static void attempt(KubernetesClient client, String namespace, String name) throws ClusterException {
        new LeaseElector(
                        new KubernetesLeaseStore(client, namespace, name),
                        TIMING,
                        "test",
                        System::nanoTime,
                        InstantSource.system(),
                        Map.of())
                .attempt();
    }
}
