package io.kubescaler.app.http;

import io.kubescaler.control.PassRecord;
import io.kubescaler.kubernetes.lease.LeaseStatus;
import io.kubescaler.kubernetes.lease.LeaseStatus.Role;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Reading;
import io.kubescaler.model.Reading.Unreadable;
import io.kubescaler.plan.Condition;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * One thing that must be so for the scaler to do its work. Thread-safe.
 *
 * @param name what is looked at, such as {@code cluster games}
 * @param state looks; answers at once, from memory
 */
public record ReadinessCheck(String name, Supplier<State> state) {
    /**
     * How a thing stands.
     *
     * @param ready whether it is as it should be
     * @param message the same as a sentence, without secrets
     */
    public record State(boolean ready, String message) {}

    /** Returns the check that a pool's part of the cluster has been read and is fresh. */
    public static ReadinessCheck cluster(String pool, Supplier<Reading<ClusterState>> observe) {
        return new ReadinessCheck("cluster " + pool, () -> {
            if (observe.get() instanceof Unreadable<ClusterState> unreadable) {
                return new State(false, unreadable.why());
            }
            return new State(true, "synced");
        });
    }

    /**
     * Returns the check that the last pass of a pool could read the cloud.
     *
     * @param lastPass the last pass; empty before the first
     * @param makesPasses whether passes are made at all: a standby makes none, and is ready without
     */
    public static ReadinessCheck cloud(
            String pool, Supplier<Optional<PassRecord>> lastPass, BooleanSupplier makesPasses) {
        return new ReadinessCheck("cloud " + pool, () -> {
            if (!makesPasses.getAsBoolean()) {
                return new State(true, "not looked at, since this replica is a standby");
            }
            return lastPass.get().map(ReadinessCheck::ofLastPass).orElse(new State(false, "no pass has ended yet"));
        });
    }

    /**
     * Returns the check that the last pass of a pool did not fail by a defect.
     *
     * @param failure the kind of defect by which the last pass failed; empty when it did not
     * @param makesPasses whether passes are made at all
     */
    public static ReadinessCheck passes(String pool, Supplier<Optional<String>> failure, BooleanSupplier makesPasses) {
        return new ReadinessCheck("passes " + pool, () -> {
            if (!makesPasses.getAsBoolean()) {
                return new State(true, "none are made, since this replica is a standby");
            }
            return failure.get()
                    .map(defect -> new State(
                            false, "the last one failed by a defect (%s); the log says more".formatted(defect)))
                    .orElse(new State(true, "the last one did not fail"));
        });
    }

    /** Returns the check that the lease can be read, whoever holds it. */
    public static ReadinessCheck lease(Supplier<LeaseStatus> status) {
        return new ReadinessCheck("lease", () -> {
            LeaseStatus now = status.get();
            return new State(now.role() != Role.UNKNOWN, now.message());
        });
    }

    private static State ofLastPass(PassRecord pass) {
        Condition condition = pass.plan().condition();
        if (condition.isReadable()) {
            return new State(true, "read by the last pass");
        }
        return condition == Condition.CLUSTER_UNREADABLE
                ? new State(false, "not known, since the cluster cannot be read")
                : new State(false, pass.plan().message());
    }
}
