package io.kubescaler.bench;

import io.kubescaler.model.Resources;
import java.util.Map;
import java.util.UUID;

/**
 * A pool as it stands at rest: nearly every node is full, one in a hundred has room for four more servers, and that room
 * is what the buffer asks for, so that there is nothing to do until one server more is created. Immutable and
 * thread-safe.
 *
 * <p>A server asks for 1 CPU. A node has as much CPU as a full one's servers and DaemonSet pods ask for, and half a CPU
 * more, in which small pods can come and go without a slot coming or going.
 *
 * @param nodes how many nodes; at least 1
 * @param podsPerNode how many pods a full node has, DaemonSet pods included; above 7
 */
public record PoolShape(int nodes, int podsPerNode) {
    /** UUID of the cloud's node pool. */
    public static final String POOL_ID = "3a6ac2b1-1e45-4d6c-9d61-26b7a6c3b0de";

    /** How many pods of DaemonSets each node has. */
    public static final int DAEMONS = 3;

    /** What a server asks for, in millicores. */
    public static final long SERVER_CPU = 1000;

    /** What a pod of a DaemonSet asks for, in millicores. */
    public static final long DAEMON_CPU = 500;

    /** The most pods that a node takes. */
    public static final long MOST_PODS = 250;

    private static final int ROOMY = 100;
    private static final int ROOM = 4;
    private static final long SLACK_CPU = 500;

    public PoolShape {
        if (nodes < 1 || podsPerNode <= DAEMONS + ROOM) {
            throw new IllegalArgumentException("%d nodes with %d pods each are no pool".formatted(nodes, podsPerNode));
        }
    }

    /** Returns how many servers are on a node. */
    public int servers(int node) {
        return node % ROOMY == 0 ? podsPerNode - DAEMONS - ROOM : podsPerNode - DAEMONS;
    }

    /** Returns how many slots are free on all nodes together. */
    public int freeSlots() {
        return roomyNodes() * ROOM;
    }

    /** Returns how many slots are free on a node with room. */
    public int room() {
        return ROOM;
    }

    private int roomyNodes() {
        return (nodes + ROOMY - 1) / ROOMY;
    }

    /** Returns how many pods there are on all nodes together. */
    public int pods() {
        return nodes * podsPerNode - roomyNodes() * ROOM;
    }

    /** Returns what the pods of a node may use of it. */
    public Resources allocatable() {
        return Resources.of(Map.of(Resources.CPU, nodeCpu(), Resources.PODS, MOST_PODS));
    }

    /** Returns the CPU that the pods of a node may use, in millicores. */
    public long nodeCpu() {
        return (podsPerNode - DAEMONS) * SERVER_CPU + DAEMONS * DAEMON_CPU + SLACK_CPU;
    }

    /** Returns the name of a node. */
    public String nodeName(int node) {
        return "servers-%05x".formatted(node);
    }

    /** Returns the cloud's id of the machine that a node is, a UUID. */
    public String machineId(int node) {
        return new UUID(0x5c41e12b4f5bL, 0x8000_0000_0000_0000L | node).toString();
    }

    /** Returns the node's {@code spec.providerID}. */
    public String providerId(int node) {
        return "digitalocean://" + dropletId(node);
    }

    /** Returns the number of the droplet that a node is. */
    public int dropletId(int node) {
        return 400_000_000 + node;
    }
}
