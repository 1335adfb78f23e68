package io.kubescaler.bench;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * A node of about 5 KB. Immutable and thread-safe.
 *
 * @param shape the pool
 * @param number which node of it this is
 * @param version its resource version; 0 for one that no API server has seen
 * @param beat when its kubelet last reported
 */
public record NodeObject(PoolShape shape, int number, long version, Instant beat) implements StoredObject {
    private static final Template TEMPLATE = Template.read("node.json");

    @Override
    public NodeObject at(long newVersion) {
        return new NodeObject(shape, number, newVersion, beat);
    }

    /** Returns it as its kubelet reports it later. */
    public NodeObject beating(Instant now) {
        return new NodeObject(shape, number, version, now);
    }

    @Override
    public String json() {
        Map<String, String> values = new HashMap<>();
        values.put("name", shape.nodeName(number));
        values.put("uid", new UUID(0x6f1b3e0a4f5bL, 0x8000_0000_0000_0000L | number).toString());
        values.put("version", version == 0 ? "" : Long.toString(version));
        values.put("machine", shape.machineId(number));
        values.put("pool", PoolShape.POOL_ID);
        values.put("droplet", Integer.toString(shape.dropletId(number)));
        values.put("cpu", shape.nodeCpu() + "m");
        values.put("pods", Long.toString(PoolShape.MOST_PODS));
        values.put("beat", beat.toString());
        return TEMPLATE.fill(values);
    }
}
