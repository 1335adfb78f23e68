package io.kubescaler.testing.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.UUID;

/** One machine of a {@link CloudPool}, as DigitalOcean shows it. Guarded by its pool. */
final class CloudMachine {
    /** The words of the API for what a node is doing. */
    enum State {
        PROVISIONING,
        RUNNING,
        DRAINING,
        DELETING;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    final String id = UUID.randomUUID().toString();
    final Instant createdAt;
    final String name;
    /** Empty while provisioning. */
    String dropletId = "";

    State state = State.PROVISIONING;
    Instant updatedAt;

    CloudMachine(String poolName, Instant createdAt) {
        this.name = poolName + "-" + id.substring(0, 5);
        this.createdAt = createdAt;
        this.updatedAt = createdAt;
    }

    /** Returns whether it is on its way out, and no longer counted. */
    boolean leaving() {
        return state == State.DRAINING || state == State.DELETING;
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", id);
        json.put("name", name);
        json.putObject("status").put("state", state.word());
        json.put("droplet_id", dropletId);
        json.put("created_at", createdAt.toString());
        json.put("updated_at", updatedAt.toString());
        return json;
    }
}
