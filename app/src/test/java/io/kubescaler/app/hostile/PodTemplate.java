package io.kubescaler.app.hostile;

import io.kubescaler.app.config.Election;
import io.kubescaler.kubernetes.client.InCluster;
import io.kubescaler.kubernetes.client.InCluster.ServiceAccount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the pods of the replicas start with, and whether production elects with it. For one simulation. */
final class PodTemplate {
    private static final String NAMESPACE = "scaler";
    private static final Map<String, String> POD = Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1");
    private static final ServiceAccount MOUNTED =
            new ServiceAccount(Path.of("token"), Path.of("ca.crt"), Optional.of(NAMESPACE));

    private final List<Fault> withoutToken = new ArrayList<>();

    /** Has the replica's pods start with a kubeconfig and without a token; every second time they are told their namespace. */
    void mountNoToken(Fault fault) {
        withoutToken.add(fault);
    }

    void mountAgain(Fault fault) {
        withoutToken.remove(fault);
    }

    /** Decides as production does when a pod of the replica starts now. */
    Election election(int replica) {
        Optional<Fault> fault =
                withoutToken.stream().filter(it -> it.replica() == replica).findFirst();
        Map<String, String> environment = new HashMap<>(POD);
        fault.filter(it -> it.choice() < 0.5).ifPresent(it -> environment.put("POD_NAMESPACE", NAMESPACE));
        return Election.of(
                Optional.empty(),
                Optional.empty(),
                InCluster.of(environment, fault.isPresent() ? Optional.empty() : Optional.of(MOUNTED)));
    }
}
