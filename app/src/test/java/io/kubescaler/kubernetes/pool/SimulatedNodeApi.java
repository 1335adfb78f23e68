package io.kubescaler.kubernetes.pool;

import io.kubescaler.app.hostile.Wire;
import io.kubescaler.control.ClusterException;
import io.kubescaler.kubernetes.client.Deadline;
import io.kubescaler.kubernetes.objects.Observed;
import io.kubescaler.model.Annotations;
import io.kubescaler.model.Node;
import io.kubescaler.model.Node.Marks;
import io.kubescaler.model.NodeLoad;
import io.kubescaler.model.Pod;
import io.kubescaler.model.PodSelectors;
import io.kubescaler.simulated.SimulatedCluster;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** Requests about nodes to a simulated cluster, over a wire that may fail. For one simulation. */
public final class SimulatedNodeApi implements NodeApi {
    private static final Duration ALL_READS = Duration.ofSeconds(30);

    private final Wire<ClusterException> wire;
    private final SimulatedCluster cluster;
    private final SimulatedWatch.Journals journals;
    private final PodSelectors selectors;
    private final LongSupplier nanoTime;
    private final Listener listener;

    /** Is told of what a request saw or did, when it reaches the server. */
    public interface Listener {
        /** A node was read. */
        void nodeRead(String node);

        /** The load of a node was read. */
        void loadRead(String node, NodeLoad load);

        /** A node is about to be written. */
        void beforeWrite(String node);

        /** A node was written. */
        void written(Node before, Node after);
    }

    public SimulatedNodeApi(
            Wire<ClusterException> wire,
            SimulatedCluster cluster,
            SimulatedWatch.Journals journals,
            PodSelectors selectors,
            LongSupplier nanoTime,
            Listener listener) {
        this.wire = wire;
        this.cluster = cluster;
        this.journals = journals;
        this.selectors = selectors;
        this.nanoTime = nanoTime;
        this.listener = listener;
    }

    @Override
    public Deadline deadline() {
        return Deadline.in(ALL_READS, nanoTime);
    }

    @Override
    public Optional<Node> node(String name, Deadline deadline) throws ClusterException {
        return wire.read(() -> {
            listener.nodeRead(name);
            return present(name);
        });
    }

    @Override
    public List<Node> nodes(Optional<String> labelSelector, Predicate<Node> fits, Deadline deadline)
            throws ClusterException {
        Predicate<Node> selected =
                labelSelector.map(SimulatedNodeApi::selecting).orElse(any -> true);
        return wire.read(() -> {
            List<Node> found =
                    journals.nodesNow().stream().filter(selected).filter(fits).toList();
            found.forEach(node -> listener.nodeRead(node.name()));
            return found;
        });
    }

    @Override
    public NodeLoad load(String node, Deadline deadline) throws ClusterException {
        return wire.read(() -> {
            NodeLoad load = NodeLoad.of(read(podsOn(node)), selectors);
            listener.loadRead(node, load);
            return load;
        });
    }

    @Override
    public List<Pod> pods(String node, Deadline deadline) throws ClusterException {
        return wire.read(() -> podsOn(node));
    }

    @Override
    public Node patch(String name, String resourceVersion, NodePatch patch) throws ClusterException {
        return wire.change(() -> {
            listener.beforeWrite(name);
            Optional<Node> before = present(name);
            Node after = cluster.write(
                            name, resourceVersion, patch.unschedulable(), marks -> patched(marks, patch.annotations()))
                    .withLoad(NodeLoad.EMPTY);
            listener.written(before.orElseThrow(), after);
            return after;
        });
    }

    private static Predicate<Node> selecting(String labelAndValue) {
        String[] parts = labelAndValue.split("=", 2);
        return node -> parts[1].equals(node.labels().get(parts[0]));
    }

    private Optional<Node> present(String name) {
        return journals.nodesNow().stream()
                .filter(node -> node.name().equals(name))
                .findFirst();
    }

    private List<Pod> podsOn(String node) {
        return journals.podsNow().stream()
                .filter(pod -> pod.nodeName().filter(node::equals).isPresent())
                .toList();
    }

    private static List<Pod> read(List<Pod> pods) throws ClusterException {
        List<Pod> read = new ArrayList<>();
        for (Pod pod : pods) {
            try {
                SimulatedReading.read(new Observed<>(pod.key(), pod.uid(), "", Optional.of(pod)))
                        .value()
                        .ifPresent(read::add);
            } catch (IOException malformed) {
                throw new ClusterException(
                        ClusterException.Kind.UNAVAILABLE, String.valueOf(malformed.getMessage()), malformed);
            }
        }
        return read;
    }

    private static Marks patched(Marks marks, Map<String, Optional<Instant>> annotations) {
        return new Marks(
                annotations.getOrDefault(Annotations.CORDONED_AT, marks.cordonedAt()),
                annotations.getOrDefault(Annotations.EMPTY_SINCE, marks.emptySince()),
                annotations.getOrDefault(Annotations.DELETING_AT, marks.deletingAt()),
                marks.keep());
    }
}
