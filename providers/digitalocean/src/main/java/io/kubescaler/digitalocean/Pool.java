package io.kubescaler.digitalocean;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import io.kubescaler.provider.ProviderException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A node pool as the cloud shows it. Immutable and thread-safe, as long as nobody changes the JSON inside.
 *
 * @param ids where it is
 * @param name its name
 * @param count how many nodes the cloud has been asked for
 * @param autoScale whether the cloud resizes it by itself
 * @param tags its tags, those that the cloud sets itself included; none too when the token may not see tags
 * @param labels its labels as they were read; missing or null when there are none
 * @param taints its taints as they were read; missing when there are none
 * @param nodes its machines
 */
record Pool(
        Ids ids,
        String name,
        int count,
        boolean autoScale,
        List<String> tags,
        JsonNode labels,
        JsonNode taints,
        List<Machine> nodes) {
    private static final int UUID_LENGTH = 36;

    /** Where a pool is: two UUIDs, safe to put into a path. */
    record Ids(String clusterId, String poolId) {
        /** Returns both in words, for logs. */
        @Override
        public String toString() {
            return "%s in cluster %s".formatted(poolId, clusterId);
        }
    }

    /**
     * One machine of a pool.
     *
     * @param id a UUID
     * @param name the name of its Node object; empty when there is none yet
     * @param state the cloud's word for its state; empty when it says nothing
     * @param message what the cloud says beside the state; empty when nothing
     * @param dropletId the number of its Droplet; empty while it has none
     * @param createdAt when the cloud was asked for it; empty when it does not tell
     */
    record Machine(
            String id, String name, String state, String message, String dropletId, Optional<Instant> createdAt) {

        /** Reads a machine, whose id is yet to be checked. */
        static Machine read(JsonNode machine, Redactor redactor, Times times) {
            String dropletId = redactor.clean(Fields.text(machine, "droplet_id"));
            return new Machine(
                    Fields.text(machine, "id"),
                    redactor.clean(Fields.text(machine, "name")),
                    redactor.clean(Fields.text(machine.path("status"), "state")),
                    redactor.clean(Fields.text(machine.path("status"), "message")),
                    dropletId.equals("0") ? "" : dropletId,
                    times.read(Fields.text(machine, "created_at")));
        }
    }

    /**
     * Reads a pool.
     *
     * @param pool as {@link AnswerReader} reads it
     * @param redactor what its texts go through: names, states and messages are shown in logs, Events and the API
     * @throws ProviderException.Transient when the JSON is no pool that could be acted on
     */
    static Pool read(String clusterId, JsonNode pool, Redactor redactor) throws ProviderException.Transient {
        String id = Fields.text(pool, "id");
        JsonNode count = pool.path("count");
        if (!isUuid(id) || !count.canConvertToInt() || !count.isIntegralNumber() || count.asInt() < 0) {
            throw new ProviderException.Transient(
                    "DigitalOcean described a node pool of cluster %s without a UUID or a count".formatted(clusterId));
        }
        List<Machine> nodes = new ArrayList<>();
        for (JsonNode node : Fields.elements(pool, "nodes")) {
            nodes.add(machine(node));
        }
        List<String> tags =
                Fields.elements(pool, "tags").stream().map(JsonNode::asText).toList();
        return new Pool(
                new Ids(clusterId, id),
                redactor.clean(Fields.text(pool, "name")),
                count.asInt(),
                pool.path("auto_scale").asBoolean(false),
                tags,
                pool.path("labels"),
                pool.path("taints"),
                List.copyOf(nodes));
    }

    /** Returns whether it is a UUID: anything else must not get into a path, where {@code ..} leads elsewhere. */
    static boolean isUuid(String text) {
        if (text.length() != UUID_LENGTH) {
            return false;
        }
        // every machine of a pool is looked at on every read, and there may be thousands
        for (int i = 0; i < UUID_LENGTH; i++) {
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? text.charAt(i) != '-' : !isHexadecimal(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    // upper case too, which the cloud does not use but a person may
    private static boolean isHexadecimal(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }

    /**
     * Returns the order to resize this pool, which keeps everything else as it is. The description of the API does not
     * say what a field that is left out becomes, so tags, labels and taints go back as they were read. What is empty is
     * left out, where keeping and emptying are the same; so are the tags that the cloud adds to every pool itself, and
     * the limits of its own scaling, which is off.
     *
     * @param size the new count
     */
    ObjectNode resizedTo(int size) {
        ObjectNode order = JsonNodeFactory.instance.objectNode();
        order.put("name", name);
        order.put("count", size);
        List<String> own = tags.stream().filter(tag -> !isSetByTheCloud(tag)).toList();
        if (!own.isEmpty()) {
            own.forEach(order.putArray("tags")::add);
        }
        if (!labels.isEmpty()) {
            order.set("labels", labels);
        }
        if (!taints.isEmpty()) {
            order.set("taints", taints);
        }
        return order;
    }

    private static boolean isSetByTheCloud(String tag) {
        return tag.equals("k8s") || tag.equals("k8s-worker") || tag.startsWith("k8s:");
    }

    private static Machine machine(JsonNode node) throws ProviderException.Transient {
        if (node instanceof POJONode read && read.getPojo() instanceof Machine machine && isUuid(machine.id())) {
            return machine;
        }
        throw new ProviderException.Transient("DigitalOcean described a node whose id is no UUID");
    }
}
