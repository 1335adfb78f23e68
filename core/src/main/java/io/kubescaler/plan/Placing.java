package io.kubescaler.plan;

import io.kubescaler.model.Node;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.Resources;
import io.kubescaler.plan.NewNode.Offer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds nodes for the waiting servers that not just any free slot takes: two half-used nodes have the slots for a server
 * of two, and no place. The largest come first, each to the first node with room for it. Made for one pass.
 */
final class Placing {
    /** So many kinds of servers are looked at, those that have waited longest; the others count by their slots alone. */
    private static final int MOST_KINDS = 100;

    private final PoolPolicy policy;
    private final Demand demand;
    private final List<WaitingServers> kinds;
    private final int[] left;
    private final boolean[] haveRoom;
    // by the machines' places
    private final Map<Integer, Resources> taken = new HashMap<>();
    private Optional<WaitingServers> firstOnNewNode = Optional.empty();

    Placing(PoolPolicy policy, PoolView view) {
        this.policy = policy;
        demand = view.demand();
        List<WaitingServers> choosy = demand.choosy();
        // nearly every pass finds none
        kinds = choosy.isEmpty()
                ? choosy
                : choosy.stream()
                        .limit(MOST_KINDS)
                        .sorted(Comparator.comparingLong(demand::slotsEach)
                                .reversed()
                                .thenComparing(WaitingServers.LONGEST_WAITING_FIRST))
                        .toList();
        left = kinds.stream().mapToInt(WaitingServers::count).toArray();
        haveRoom = new boolean[left.length];
        if (!done()) {
            // an empty node may be surplus, one with servers stays anyway
            List<Machine> active = view.in(NodeState.ACTIVE);
            active.stream().filter(machine -> machine.servers() > 0).forEach(machine -> place(machine, true));
            active.stream().filter(machine -> machine.servers() == 0).forEach(machine -> place(machine, true));
        }
    }

    /** Returns whether each has its place. */
    boolean done() {
        for (int count : left) {
            if (count > 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns those that have none. */
    List<WaitingServers> withoutPlace() {
        List<WaitingServers> without = new ArrayList<>();
        for (int i = 0; i < left.length; i++) {
            if (left[i] > 0) {
                without.add(kinds.get(i));
            }
        }
        return without;
    }

    /** Returns whether an active node has room for one of them; false for those that take any free slot. */
    boolean haveRoomNow(WaitingServers servers) {
        int index = kinds.indexOf(servers);
        return index >= 0 && haveRoom[index];
    }

    /** Returns whether it looks for the place of these. */
    boolean looksAfter(WaitingServers servers) {
        return kinds.contains(servers);
    }

    /** Returns whether a server that waits has its place on that machine. */
    boolean isReserved(Machine machine) {
        return taken.containsKey(machine.place());
    }

    /** Returns whether that machine has room for one that has no place yet. */
    boolean wouldHelp(Machine machine) {
        for (int i = 0; i < left.length; i++) {
            if (left[i] > 0 && room(machine, kinds.get(i)) > 0) {
                return true;
            }
        }
        return false;
    }

    /** Gives as many of them their place on a machine as it has room for. */
    void place(Machine machine) {
        place(machine, false);
    }

    private void place(Machine machine, boolean active) {
        for (int i = 0; i < left.length; i++) {
            if (left[i] > 0) {
                haveRoom[i] |= take(machine, i, room(machine, kinds.get(i))) && active;
            }
        }
    }

    private void placeOnceSettled(Machine machine) {
        for (int i = 0; i < left.length; i++) {
            if (left[i] > 0) {
                take(
                        machine,
                        i,
                        demand.placement().roomOnceSettled(machine.requireNode(), kinds.get(i), taken(machine)));
            }
        }
    }

    private boolean take(Machine machine, int kind, long room) {
        int count = (int) Math.min(left[kind], room);
        if (count > 0) {
            left[kind] -= count;
            taken.merge(machine.place(), kinds.get(kind).requests().times(count), Resources::plus);
        }
        return count > 0;
    }

    private Resources taken(Machine machine) {
        return taken.getOrDefault(machine.place(), Resources.NONE);
    }

    private long room(Machine machine, WaitingServers servers) {
        Node node = machine.requireNode();
        Resources used = node.load().used().plus(taken(machine));
        long times = node.allocatable().timesFits(servers.requests(), used);
        return times > 0 && Placement.admits(node, servers.constraints(), policy) ? times : 0;
    }

    /**
     * Gives the others their places on machines that are coming, and on as many new ones as that takes; those stay
     * without that a new node may not take.
     *
     * @param coming machines that boot, or that are Ready and have not settled
     * @param ordered how many more have been ordered, or are about to be
     * @return how many nodes are needed beside these
     */
    int needNewNodes(List<Machine> coming, int ordered) {
        if (done()) {
            return 0;
        }
        int empty = ordered;
        for (Machine machine : coming) {
            if (machine.node().filter(node -> !node.allocatable().isEmpty()).isPresent()) {
                placeOnceSettled(machine);
            } else {
                empty++;
            }
        }
        List<Resources> bins = new ArrayList<>();
        for (int i = 0; i < empty; i++) {
            bins.add(Resources.NONE);
        }
        Optional<Offer> offer = demand.placement().offer();
        for (int i = 0; i < left.length; i++) {
            WaitingServers kind = kinds.get(i);
            if (left[i] > 0 && demand.placement().newNodeTakes(kind)) {
                firstOnNewNode = firstOnNewNode.or(() -> Optional.of(kind));
                if (offer.isEmpty()) {
                    // one of any size is the first, and tells what the next ones will have
                    bins.add(Resources.NONE);
                    left[i] = 0;
                    return empty == 0 ? 1 : 0;
                }
                fill(bins, offer.get(), i);
            }
        }
        return bins.size() - empty;
    }

    /** Returns the first of those that new nodes are needed for, or coming ones that tell nothing yet; empty when none are. */
    Optional<WaitingServers> firstOnNewNode() {
        return firstOnNewNode;
    }

    private void fill(List<Resources> bins, Offer offer, int kind) {
        Resources requests = kinds.get(kind).requests();
        for (int bin = 0; left[kind] > 0; bin++) {
            if (bin == bins.size()) {
                bins.add(Resources.NONE);
            }
            int count = (int) Math.min(left[kind], offer.times(requests, bins.get(bin)));
            if (count > 0) {
                bins.set(bin, bins.get(bin).plus(requests.times(count)));
                left[kind] -= count;
            }
        }
    }
}
