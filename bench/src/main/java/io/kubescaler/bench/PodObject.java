package io.kubescaler.bench;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A pod of 6 to 7 KB. Immutable and thread-safe.
 *
 * @param number tells pods apart
 * @param role what it is
 * @param node the name of the node that it is bound to; empty when it is on none
 * @param version its resource version; 0 for one that no API server has seen
 * @param beat how often its status has changed
 */
public record PodObject(int number, Role role, Optional<String> node, long version, int beat) implements StoredObject {
    /** The CPU of the containers beside the main one, in millicores. */
    private static final long SIDECARS_CPU = 10;

    private static final Template TEMPLATE = Template.read("pod.json");

    /** What a pod is. */
    public enum Role {
        /** A dedicated server. */
        SERVER("server", "StatefulSet", PoolShape.SERVER_CPU),
        /** A pod of a DaemonSet. */
        DAEMON("agent", "DaemonSet", PoolShape.DAEMON_CPU),
        /** A small pod of a job, which takes no slot. */
        JOB("job", "Job", 20);

        private final String app;
        private final String kind;
        private final long cpu;

        Role(String app, String kind, long cpu) {
            this.app = app;
            this.kind = kind;
            this.cpu = cpu;
        }
    }

    /** Returns its name. */
    public String name() {
        return "%s-%07d".formatted(role.app, number);
    }

    @Override
    public PodObject at(long newVersion) {
        return new PodObject(number, role, node, newVersion, beat);
    }

    /** Returns it with another status. */
    public PodObject beating() {
        return new PodObject(number, role, node, version, beat + 1);
    }

    @Override
    public String json() {
        Map<String, String> values = new HashMap<>();
        values.put("name", name());
        values.put("uid", new UUID(0x9d02b7e14f5bL, 0x8000_0000_0000_0000L | number).toString());
        values.put("version", version == 0 ? "" : Long.toString(version));
        values.put("app", role.app);
        values.put("kind", role.kind);
        values.put("owner", role.app + "-set");
        values.put("cpu", role.cpu - SIDECARS_CPU + "m");
        values.put("node", node.map("\"nodeName\":\"%s\","::formatted).orElse(""));
        // nobody schedules the one that waits: it stays in want of a slot until it is deleted
        values.put("scheduler", node.isPresent() ? "default-scheduler" : "none");
        values.put("phase", node.isPresent() ? "Running" : "Pending");
        values.put("beat", Integer.toString(beat));
        return TEMPLATE.fill(values);
    }
}
