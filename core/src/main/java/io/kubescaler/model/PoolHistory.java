package io.kubescaler.model;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The little that a pass takes from the pass before it. Losing it at a restart costs time or money and kills nothing; what
 * must outlive a restart is an annotation on a node, or a note in the pool's journal, instead. Immutable and thread-safe.
 *
 * @param surplus the surplus that has lasted without a break; empty when there was none in the last pass
 * @param unlisted nodes that the cloud had been asked for but did not list, in the last pass; empty when there were none
 * @param growth what is known of growth that failed
 * @param machines which machines have been seen with a node, and since when others are without one that is fit; empty when
 *     no pass came before that could read both the cluster and the cloud
 * @param serversSeen the server selector, as text, by which a server has been seen at any time; empty when none ever was
 */
public record PoolHistory(
        Optional<LastingSurplus> surplus,
        Optional<Unlisted> unlisted,
        GrowthBackoff growth,
        Optional<Machines> machines,
        Optional<String> serversSeen) {

    /** A history in which no machine was seen, and no server. */
    public PoolHistory(Optional<LastingSurplus> surplus, Optional<Unlisted> unlisted, GrowthBackoff growth) {
        this(surplus, unlisted, growth, Optional.empty(), Optional.empty());
    }

    /** Nothing is known, as after a start. */
    public static final PoolHistory NONE = new PoolHistory(Optional.empty(), Optional.empty(), GrowthBackoff.NONE);

    /** Returns whether no pass came before that could read both the cluster and the cloud. */
    public boolean isFirst() {
        return machines.isEmpty();
    }

    /** Returns this history after a pass that could not read everything: nobody knows whether a surplus has lasted. */
    public PoolHistory withoutSurplus() {
        return new PoolHistory(Optional.empty(), unlisted, growth, machines, serversSeen);
    }

    /** Returns this history after a while in which nobody looked: the wait for each machine begins anew. */
    public PoolHistory withoutWaits() {
        return new PoolHistory(surplus, unlisted, growth, machines.map(Machines::withoutWaits), serversSeen);
    }

    /** Returns this history after that machine was found to be in use: the wait for it begins anew. */
    public PoolHistory withoutWait(String instance) {
        return new PoolHistory(surplus, unlisted, growth, machines.map(it -> it.withoutWait(instance)), serversSeen);
    }

    /** Returns this history with what was seen of the machines since. */
    public PoolHistory withMachines(Machines seen) {
        return new PoolHistory(surplus, unlisted, growth, Optional.of(seen), serversSeen);
    }

    /** Returns this history with another state of growth. */
    public PoolHistory withGrowth(GrowthBackoff other) {
        return new PoolHistory(surplus, unlisted, other, machines, serversSeen);
    }

    /** Returns this history with another selector by which servers have been seen. */
    public PoolHistory withServersSeen(Optional<String> selector) {
        return new PoolHistory(surplus, unlisted, growth, machines, selector);
    }

    /** Returns whether a server has been seen by that selector. */
    public boolean hasSeenServers(LabelSelector selector) {
        return serversSeen.filter(selector.toString()::equals).isPresent();
    }

    /**
     * A surplus of slots, such that at least one node could be set aside.
     *
     * @param since since when there has been one without a break, or the last nodes were set aside
     * @param slots the fewest slots beyond those required since then
     */
    public record LastingSurplus(Instant since, long slots) {}

    /**
     * Nodes that the cloud has been asked for and does not list.
     *
     * @param nodes how many; above 0
     * @param size the size that the cloud had been asked for
     * @param since since when neither number has grown: with either, at least one of these nodes is a new one
     */
    public record Unlisted(int nodes, int size, Instant since) {}

    /**
     * What was seen of the machines that the cloud lists, or has listed of late.
     *
     * @param listed ids of those that the cloud listed in the last pass
     * @param present the UIDs of the nodes of those that had one in the last pass, by instance id
     * @param lost ids of those whose node was seen to go, or to be replaced by another one, and that have not had one that is
     *     fit for servers since
     * @param awaited those that had no node in that pass, or one that is not fit for servers, by instance id
     * @param leftOut those that the cloud listed before and has left out since, by instance id
     * @param strangers the pool's nodes that were no machine as far as anything told, and that may have hosted servers since
     *     they were seen so, by their UIDs
     */
    public record Machines(
            Set<String> listed,
            Map<String, String> present,
            Set<String> lost,
            Map<String, Awaited> awaited,
            Map<String, LeftOut> leftOut,
            Map<String, Stranger> strangers) {
        public Machines {
            listed = Set.copyOf(listed);
            present = Map.copyOf(present);
            lost = Set.copyOf(lost);
            awaited = Map.copyOf(awaited);
            leftOut = Map.copyOf(leftOut);
            strangers = Map.copyOf(strangers);
        }

        /** No machine was seen. */
        public static Machines none() {
            return new Machines(Set.of(), Map.of(), Set.of(), Map.of(), Map.of(), Map.of());
        }

        /** Returns whether the cloud listed that machine in the last pass, or of late. */
        public boolean know(String instance) {
            return listed.contains(instance) || leftOut.containsKey(instance);
        }

        /** Returns the UID of the node that the machine had when the cloud listed it last; empty when it had none. */
        public Optional<String> nodeOf(String instance) {
            return Optional.ofNullable(present.get(instance))
                    .or(() -> Optional.ofNullable(leftOut.get(instance)).flatMap(LeftOut::node));
        }

        /** Returns whether that machine had lost its node when the cloud listed it last. */
        public boolean hadLostItsNode(String instance) {
            return lost.contains(instance)
                    || Optional.ofNullable(leftOut.get(instance))
                            .filter(LeftOut::hadLostItsNode)
                            .isPresent();
        }

        /** Returns what was known of that machine, if it was without a fit node, when the cloud listed it last. */
        public Optional<Awaited> awaited(String instance) {
            return Optional.ofNullable(awaited.get(instance))
                    .or(() -> Optional.ofNullable(leftOut.get(instance)).flatMap(LeftOut::awaited));
        }

        /**
         * Returns the machines that a list leaves out, those that earlier ones left out included.
         *
         * @param now the ids that the cloud lists
         * @param uptime the {@link Sightings#uptime} of the pass
         * @param aNodeIsGone whether a node is gone that may have been one of them: which is not known, so all may have run
         */
        public Map<String, LeftOut> leftOutOf(Set<String> now, Duration uptime, boolean aNodeIsGone) {
            // as in nearly every pass
            boolean sameAnswer = listed.equals(now);
            if (sameAnswer && leftOut.isEmpty()) {
                return Map.of();
            }
            Map<String, LeftOut> all = new HashMap<>();
            leftOut.forEach((instance, it) -> {
                if (!now.contains(instance)) {
                    it.at(uptime).ifPresent(known -> all.put(instance, known));
                }
            });
            for (String instance : sameAnswer ? Set.<String>of() : listed) {
                if (!now.contains(instance)) {
                    Optional<Awaited> known =
                            Optional.ofNullable(awaited.get(instance)).map(Awaited::leftOut);
                    all.put(
                            instance,
                            new LeftOut(
                                    uptime,
                                    Optional.ofNullable(present.get(instance)),
                                    lost.contains(instance),
                                    known));
                }
            }
            if (aNodeIsGone) {
                all.replaceAll((instance, it) -> it.foundToRun());
            }
            return all;
        }

        private Machines withoutWaits() {
            Map<String, Awaited> anew = new HashMap<>();
            awaited.forEach((instance, it) -> anew.put(instance, it.anew()));
            Map<String, LeftOut> leftOutAnew = new HashMap<>();
            leftOut.forEach((instance, it) -> leftOutAnew.put(instance, it.anew()));
            return new Machines(listed, present, lost, anew, leftOutAnew, strangers);
        }

        private Machines withoutWait(String instance) {
            Map<String, Awaited> others = new HashMap<>(awaited);
            others.computeIfPresent(instance, (any, it) -> it.foundToRun());
            return new Machines(listed, present, lost, others, leftOut, strangers);
        }
    }

    /**
     * A node of the pool that was no machine as far as anything told.
     *
     * @param node as it was in the last pass
     * @param since the {@link Sightings#uptime} of the first pass that found it so
     */
    public record Stranger(Node node, Duration since) {}

    /**
     * What was known of a machine when the cloud listed it last. A list may leave one out that is there all the same, so it is
     * kept for an hour; its wait goes on if the cloud lists it again within 2 minutes.
     *
     * @param since the {@link Sightings#uptime} of the first pass in which it was left out
     * @param node UID of its node; empty when it had none
     * @param hadLostItsNode whether it had lost its node
     * @param awaited what was known of it if it was without a node that is fit for servers
     */
    public record LeftOut(Duration since, Optional<String> node, boolean hadLostItsNode, Optional<Awaited> awaited) {
        private static final Duration KEPT_FOR = Duration.ofHours(1);
        private static final Duration WAITED_FOR = Duration.ofMinutes(2);

        private Optional<LeftOut> at(Duration uptime) {
            Duration lasted = uptime.minus(since);
            if (lasted.compareTo(KEPT_FOR) >= 0) {
                return Optional.empty();
            }
            boolean goesOn = lasted.compareTo(WAITED_FOR) < 0 || awaited.isEmpty();
            return Optional.of(goesOn ? this : anew());
        }

        private LeftOut anew() {
            return new LeftOut(since, node, hadLostItsNode, awaited.map(Awaited::anew));
        }

        private LeftOut foundToRun() {
            return new LeftOut(since, node, hadLostItsNode, awaited.map(Awaited::foundToRun));
        }
    }

    /**
     * A machine without a node that is fit for servers. Servers may run on it all the same.
     *
     * @param node UID of its node; empty when it has none
     * @param first the {@link Sightings#uptime} from which on it has been seen without one that is fit, whatever told of servers
     * @param since the {@link Sightings#uptime} from which on it has been seen so and not Ready, and nothing has told of servers on
     *     it; empty when that begins with the next pass
     * @param hasRun whether there has been a sign that it runs since it is seen without a fit node
     * @param fromTheStart whether it has been seen so, and the cloud has not called it running, in every pass since it was
     *     ordered: it has had no other node
     */
    public record Awaited(
            Optional<String> node, Duration first, Optional<Duration> since, boolean hasRun, boolean fromTheStart) {
        private Awaited anew() {
            return new Awaited(node, first, Optional.empty(), hasRun, false);
        }

        private Awaited leftOut() {
            return new Awaited(node, first, since, hasRun, false);
        }

        private Awaited foundToRun() {
            return new Awaited(node, first, Optional.empty(), true, fromTheStart);
        }
    }

    /**
     * How long growth pauses after machines that never came, or after the cloud refused them: 5 minutes, doubled by
     * each further failure up to 30 minutes, reset by the first node that becomes Ready.
     *
     * @param failures failures in a row; 0 or more
     * @param failedAt when the last of them was noticed; empty when there was none
     * @param counted ids of the machines that were counted already, so that each counts once
     * @param why what failed, in words; empty when nothing did
     */
    public record GrowthBackoff(int failures, Optional<Instant> failedAt, Set<String> counted, String why) {
        /** Nothing failed. */
        public static final GrowthBackoff NONE = new GrowthBackoff(0, Optional.empty(), Set.of(), "");

        /** The pause after the first failure. */
        public static final Duration FIRST = Duration.ofMinutes(5);

        /** The longest pause. */
        public static final Duration LONGEST = Duration.ofMinutes(30);

        public GrowthBackoff {
            counted = Set.copyOf(counted);
        }

        /** Returns when growth may go on; empty when it never paused. */
        public Optional<Instant> until() {
            return failedAt.map(at -> at.plus(pause()));
        }

        /**
         * Returns whether growth is paused at that time. A failure noted further ahead than the pause is long came of a
         * clock that has been set back since, and pauses nothing.
         */
        public boolean pausedAt(Instant now) {
            return failedAt.map(at -> Duration.between(at, now).abs().compareTo(pause()) < 0)
                    .orElse(false);
        }

        /**
         * Returns the state after one more failure. While growth is paused already, a failure is part of the same
         * trouble and does not make the pause longer.
         *
         * @param now when it was noticed
         * @param machines ids of the machines that failed; empty when the cloud refused to order any
         * @param what what failed, in words
         */
        public GrowthBackoff failed(Instant now, Set<String> machines, String what) {
            Set<String> all = new HashSet<>(counted);
            all.addAll(machines);
            return pausedAt(now)
                    ? new GrowthBackoff(failures, failedAt, all, what)
                    : new GrowthBackoff(failures + 1, Optional.of(now), all, what);
        }

        /** Returns the state with machines counted in that are no fresh failure. */
        public GrowthBackoff counting(Set<String> machines) {
            Set<String> all = new HashSet<>(counted);
            all.addAll(machines);
            return new GrowthBackoff(failures, failedAt, all, why);
        }

        private Duration pause() {
            // 2^3 is past the longest pause already; the bound keeps the shift small
            Duration doubled = FIRST.multipliedBy(1L << Math.min(Math.max(failures - 1, 0), 8));
            return doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
        }
    }
}
