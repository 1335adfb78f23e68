package io.kubescaler.app.hostile;

import java.time.Duration;

/**
 * One thing that goes wrong. Immutable.
 *
 * @param at when it begins, from the start of the history
 * @param lasts how long it goes on; zero for what happens once
 * @param kind what goes wrong
 * @param replica whose requests, watches or process it is about, where the kind is about one
 * @param choice picks a node, a machine or a moment, where the kind needs one; 0 to below 1
 */
record Fault(Duration at, Duration lasts, Kind kind, int replica, double choice) {
    /** What can go wrong. */
    enum Kind {
        /** The API server answers 503, having done nothing. */
        API_REFUSES,
        /** The API server does not answer, having done nothing. */
        API_SILENT,
        /** The API server does what it is asked and its answers are lost. */
        API_ANSWERS_LOST,
        /** The API server takes nearly as long as it may. */
        API_SLOW,
        /** Somebody else writes to every node right before we do. */
        API_CONFLICTS,
        /** The watches break off and go on from where they were. */
        WATCH_CUT,
        /** The watches break off and their versions are gone: 410. */
        WATCH_GONE,
        /**
         * Watches of nodes, of pods or of both tell nothing more, and do not break off; others can be opened and tell nothing
         * either, for six minutes or longer.
         */
        WATCH_SILENT,
        /** The watches tell of everything late, pods and nodes by different times. */
        WATCH_LATE,
        /** The watches go on from an earlier version, and tell old news again. */
        WATCH_REPLAYS,
        /** The lease cannot be written or read. */
        LEASE_REFUSED,
        /** Requests for the lease are not answered, having done nothing. */
        LEASE_SILENT,
        /** Requests for the lease are done and their answers lost. */
        LEASE_ANSWERS_LOST,
        CLOUD_UNAUTHORIZED,
        CLOUD_NOT_FOUND,
        CLOUD_QUOTA,
        CLOUD_RATE_LIMITED,
        CLOUD_UNAVAILABLE,
        CLOUD_GARBLED,
        /** The cloud does not answer, having done nothing. */
        CLOUD_SILENT,
        /** The cloud does what it is asked and its answers are lost. */
        CLOUD_ANSWERS_LOST,
        /** The cloud takes nearly as long as it may. */
        CLOUD_SLOW,
        /** The cloud grows by one machine and refuses the others. */
        CLOUD_GRANTS_IN_PART,
        /** The cloud lists a machine twice. */
        CLOUD_LISTS_TWICE,
        /** The cloud leaves a machine out of its list. */
        CLOUD_LISTS_TOO_FEW,
        /** The cloud fails to delete the machine that it is asked to delete next, and never will. */
        CLOUD_FAILS_ONE_DELETION,
        /** Machines that should come up fail. */
        CLOUD_BOOTS_FAIL,
        /** The process is killed. */
        KILLED,
        /** The process is killed right before it sends its next change. */
        KILLED_BEFORE_CHANGE,
        /** The process is killed right after its next change was made, before it hears of it. */
        KILLED_AFTER_CHANGE,
        /** The process is stopped in good order. */
        STOPPED,
        /** The process stands still, its clocks go on: SIGSTOP. */
        FROZEN,
        /** The machine stands still, its monotonic clock too. */
        SUSPENDED,
        /** The wall clock of the process is set to another time. */
        CLOCK_JUMPS,
        OTHERS_GROW_THE_POOL,
        /** Somebody else grows the pool right before we do, when our order has been decided. */
        OTHERS_GROW_FIRST,
        OTHERS_SHRINK_THE_POOL,
        MACHINE_VANISHES,
        /** The Node object of a machine is deleted for good; what ran there lives on unseen. */
        NODE_OBJECT_DELETED,
        NODE_CORDONED,
        NODE_UNCORDONED,
        NODE_LEAVES_THE_SELECTOR,
        NODE_TAINTED,
        /** Somebody forbids us to cordon or delete a node. */
        NODE_KEPT,
        NODE_FLAPS,
        MOST_NODES_UNREADY,
        /**
         * A server arrives on a node that was cordoned within the last 3 s: its binding was under way. Every fourth time the
         * clock of the replica that cordoned it is set forward.
         */
        SERVER_BOUND_LATE,
        /** Somebody puts a server on a cordoned node by naming it. */
        SERVER_BOUND_PAST_CORDON,
        /** A pod that must not be disrupted runs on a node for a while. */
        POD_FORBIDS_DISRUPTION,
        /**
         * The cloud carries out what it is asked within a minute of when its sender has given it up; every second time the
         * sender is killed meanwhile. When it is a deletion, somebody keeps the node every second time, and
         * reading must wait.
         */
        CLOUD_CARRIES_OUT_LATE,
        /**
         * The Node object of a machine is deleted, and its kubelet makes another one, within a minute or within twenty; what
         * ran there lives on unseen. As after {@link #NODE_OBJECT_DELETED}, replicas may be killed, or their clocks set
         * forward, within ten minutes.
         */
        MACHINE_REGISTERS_ANEW,
        /** Somebody cordons most nodes and works on them, so that they are not Ready. */
        MOST_NODES_HELD,
        /** Somebody forbids us to delete, or take back, a node that we have set aside. */
        CORDONED_NODE_KEPT,
        /** The replica's pod is replaced by one with a kubeconfig and without a mounted token, and later back again. */
        NO_TOKEN_MOUNTED,
        /** Of the rate limit only what is kept for orders is left: reading must wait. */
        CLOUD_READS_WAIT,
        /**
         * Watches of nodes, of pods or of both can be opened, and each ends at once and has told of nothing, for six minutes
         * or longer.
         */
        WATCH_OPENS_AND_ENDS,
        /** A part of a server's pod cannot be read: its labels, or its status. */
        POD_UNREADABLE,
        /** A part of a node cannot be read. */
        NODE_UNREADABLE,
        /** Somebody uncordons a node that we cordoned and cordons it again, before any replica looks. */
        NODE_RECORDONED,
        /** Somebody keeps new servers off a node by a taint of their own, which they do not tolerate. */
        NODE_RESERVED,
        /** A server of another scaler, which the configuration protects, runs for a while, on a cordoned node if any is. */
        OTHERS_SERVER_RUNS,
        /** All replicas start anew with a server selector that no pod matches, and later with the right one again. */
        SELECTOR_MISTYPED,
        /** All replicas start anew with a second pool that selects nodes of the first one too, and later without it again. */
        POOLS_OVERLAP,
        /** The cloud refuses every deletion, or the provider has used up the part of the rate that deletions get. */
        CLOUD_REFUSES_DELETIONS,
        /** New nodes carry the taint of an agent, and lose it within a minute of being Ready. */
        AGENT_TAINTS_NEW_NODES,
        /** A machine is without a node for long. When one comes, gets a server and is deleted, no replica can look. */
        NODE_COMES_AND_GOES_UNSEEN,
        /**
         * New nodes come without the label of the pool. Half of them get it within a minute, the others within forty; a third
         * of them is not Ready for half an hour.
         */
        LABELS_COME_LATE,
        /**
         * The machine of a node, a cordoned one if any is, starts anew under another name, without the labels of the pool, and
         * gets a server there. Every second time that node is deleted, and what ran there lives on unseen.
         */
        MACHINE_LEAVES_THE_POOL,
        /**
         * A server comes to a node, past its cordon if any is cordoned; the node goes dark a moment later, and somebody forces
         * its pods away, which live on unseen. Every third time no replica can read the cloud, every third time all are killed.
         */
        NODE_GOES_DARK,
        /**
         * The cloud says of a machine that runs that it has failed. Every third time its Node object is deleted as well, every
         * third time when it has been outside the pool for minutes and, every second time, no replica has seen it in the pool.
         */
        CLOUD_SAYS_FAILED,
        /**
         * The cloud tells machines by their provider IDs alone, and new nodes do not tell theirs. Some of these go dark, are
         * deleted a while later, and what ran there lives on unseen. Some machines start anew under another name, get servers
         * there, and their nodes of the first name stay behind, empty ones that are set aside before all.
         */
        NODES_LACK_PROVIDER_IDS
    }

    /** Returns when it ends, from the start of the history. */
    Duration until() {
        return at.plus(lasts);
    }

    @Override
    public String toString() {
        return "%s at %d s for %d s (replica %d, choice %.3f)"
                .formatted(kind, at.toSeconds(), lasts.toSeconds(), replica, choice);
    }
}
