package io.kubescaler.kubernetes.lease;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.kubescaler.control.ClusterException;
import io.kubescaler.control.ClusterException.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** One Lease in memory with the API server's versions and conflicts, shared by all the views made of it. */
final class FakeLeaseStore {
    private Optional<Lease> lease = Optional.empty();
    private long version = 100;

    /** What happens to the requests of one replica. */
    final class View implements LeaseStore {
        /** Runs before the request reaches the server, and before its answer reaches the replica. */
        Runnable onTheWay = () -> {};
        /** Runs between the server's commit and the replica's receipt of it. */
        Runnable onTheWayBack = () -> {};

        final List<String> requests = new ArrayList<>();
        private final Deque<Fault> faults = new ArrayDeque<>();

        @Override
        public Optional<Lease> read() throws ClusterException {
            return send("get", () -> lease);
        }

        @Override
        public Lease create(Lease wanted) throws ClusterException {
            return send("create", () -> {
                if (lease.isPresent()) {
                    throw new ClusterException(Kind.CONFLICT, "already exists");
                }
                return put(wanted);
            });
        }

        @Override
        public Lease replace(Lease wanted) throws ClusterException {
            return send("update", () -> {
                Lease current = lease.orElseThrow(() -> new ClusterException(Kind.GONE, "the lease was not found"));
                if (!wanted.getMetadata()
                        .getResourceVersion()
                        .equals(current.getMetadata().getResourceVersion())) {
                    throw new ClusterException(Kind.CONFLICT, "the lease has been modified");
                }
                return wanted.equals(current) ? current : put(wanted);
            });
        }

        @Override
        public String description() {
            return "kubescaler/kubescaler";
        }

        /** Lets the next request fail. */
        void failNext(Fault fault) {
            faults.add(fault);
        }

        private <T> T send(String verb, Request<T> request) throws ClusterException {
            requests.add(verb);
            onTheWay.run();
            Optional<Fault> fault = Optional.ofNullable(faults.poll());
            if (fault.isPresent() && fault.get() != Fault.ANSWER_LOST) {
                throw fault.get().exception();
            }
            T answer = request.send();
            onTheWayBack.run();
            if (fault.isPresent()) {
                throw fault.get().exception();
            }
            return answer;
        }
    }

    /** How a request fails. */
    enum Fault {
        /** It never reaches the server. */
        REQUEST_LOST,
        /** The server carries it out and the answer is lost. */
        ANSWER_LOST,
        /** A permission is missing. */
        FORBIDDEN;

        ClusterException exception() {
            return this == FORBIDDEN
                    ? new ClusterException(Kind.FORBIDDEN, "HTTP 403: leases is forbidden")
                    : new ClusterException(Kind.UNAVAILABLE, "no answer in time");
        }
    }

    @FunctionalInterface
    private interface Request<T> {
        T send() throws ClusterException;
    }

    View view() {
        return new View();
    }

    Optional<Lease> current() {
        return lease;
    }

    /** Somebody else writes the lease. */
    void set(Lease other) {
        put(other);
    }

    /** The server is set back to a backup: the lease is as it was then, and so are the versions. */
    void restore(Lease backup) {
        lease = Optional.of(backup);
        version = Long.parseLong(backup.getMetadata().getResourceVersion());
    }

    /** Somebody deletes the lease. */
    void delete() {
        lease = Optional.empty();
    }

    private Lease put(Lease wanted) {
        version++;
        Lease stored = new LeaseBuilder(wanted)
                .editOrNewMetadata()
                .withResourceVersion(Long.toString(version))
                .endMetadata()
                .build();
        lease = Optional.of(stored);
        return stored;
    }
}
