package io.kubescaler.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kubescaler.kubernetes.client.InCluster;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What one run of the program in this process came to. */
record Invocation(int status, String out, String err) {
    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    /** A configuration with which everything but the cloud and the cluster is there. */
    static final Map<String, String> ENOUGH = Map.of(
            "CLOUD_PROVIDER_TOKEN", "dop_v1_0123456789abcdef",
            "CLUSTER_NAME", "arena",
            "NODE_POOL_NAME", "games",
            "NODE_SELECTOR", "role=scalable",
            "SERVER_POD_LABEL_NAME", "app",
            "SERVER_POD_LABEL_VALUE", "game-server",
            "SERVER_CPU_RESOURCE_REQUEST", "500m");

    /** Runs the program with that environment, a clock that stands at {@link #NOW} and no way to stop it. */
    static Invocation of(Map<String, String> environment, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Map<String, String> all = new HashMap<>(environment);
        // no plug-ins beside the classes, and no kubeconfig of whoever runs the tests
        all.putIfAbsent("KUBESCALER_PLUGINS", "/nonexistent");
        all.putIfAbsent("KUBECONFIG", "/nonexistent");
        int status = Program.run(
                new Surroundings(
                        all,
                        InCluster.of(all, Optional.empty()),
                        new PrintWriter(out),
                        new PrintWriter(err),
                        Clock.fixed(NOW, ZoneOffset.UTC),
                        NeverStopped::new),
                arguments);
        return new Invocation(status, out.toString(), err.toString());
    }

    /** Returns the one document on stdout. */
    JsonNode json() throws IOException {
        return new ObjectMapper().reader().readTree(out);
    }

    private static final class NeverStopped implements StopSignal {
        @Override
        public void await() {
            throw new IllegalStateException("the command runs, and nothing here would stop it");
        }

        @Override
        public void stopped(int exitStatus) {
            // the status is what the program returns
        }
    }
}
