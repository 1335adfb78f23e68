package io.kubescaler.app.kubernetes;

import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.Node;
import io.kubescaler.model.NodeLoad;
import io.kubescaler.model.Pod;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what {@code kubectl get nodes -o json} and {@code kubectl get pods -A -o json} have written: a list, or one
 * object. Stateless.
 */
public final class KubectlFiles {
    private static final Logger LOG = LoggerFactory.getLogger(KubectlFiles.class);

    private KubectlFiles() {}

    /**
     * Reads the state of one pool from two files.
     *
     * @param nodes the file of nodes; those that the selector does not match are left out
     * @param pods the file of pods of all namespaces; those that have ended are left out
     * @param serverSelector which pods are the pool's servers
     * @param allServerSelectors the server selectors of all pools, this one's included: what any of them selects is a server
     * @return the pool's nodes with the load of their pods, and its unplaced servers
     * @throws IOException when a file cannot be read, is not JSON, or holds something else; the message names the file,
     *     the place in it and what is wrong. An object that cannot be read in part says so itself; one that cannot be told
     *     from others is left out and named in the log
     */
    public static ClusterState read(
            Path nodes,
            Path pods,
            LabelSelector selector,
            LabelSelector serverSelector,
            Collection<LabelSelector> allServerSelectors)
            throws IOException {
        List<Pod> allPods =
                read(pods, new PodReader(LabelSelector.keys(allServerSelectors), interner()), "kubectl get pods -A");
        Map<String, List<Pod>> byNode = allPods.stream()
                .filter(pod -> pod.nodeName().isPresent())
                .collect(Collectors.groupingBy(pod -> pod.nodeName().orElseThrow()));
        List<Node> loaded = read(nodes, new NodeReader(interner()), "kubectl get nodes").stream()
                .filter(node -> selector.matches(node.labels()))
                .map(node ->
                        node.withLoad(NodeLoad.of(byNode.getOrDefault(node.name(), List.of()), allServerSelectors)))
                .toList();
        List<Pod> unplaced = allPods.stream()
                .filter(pod -> pod.nodeName().isEmpty() && !pod.terminating() && pod.isServer(serverSelector))
                .toList();
        return new ClusterState(loaded, unplaced);
    }

    private static Interner interner() {
        return new Interner(Interner.DEFAULT_CAPACITY);
    }

    private static <T> List<T> read(Path file, ObjectReader<T> reader, String command) throws IOException {
        try {
            return objects(file, reader);
        } catch (NoSuchFileException missing) {
            throw new IOException(
                    "%s: there is no such file; write it with '%s -o json'".formatted(file, command), missing);
        } catch (MalformedObjectException malformed) {
            throw new IOException(
                    "%s: %s; write it with '%s -o json'".formatted(file, malformed.getMessage(), command), malformed);
        } catch (IOException failed) {
            throw new IOException("%s: it cannot be read: %s".formatted(file, failed.getMessage()), failed);
        }
    }

    private static <T> List<T> objects(Path file, ObjectReader<T> reader) throws IOException {
        ListReader<T> lists = new ListReader<>(reader);
        List<T> values = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        ListReader.Sink<T> sink = new ListReader.Sink<>() {
            @Override
            public void accept(Observed<T> object) throws IOException {
                if (!keys.add(object.key())) {
                    throw new MalformedObjectException(
                            "the %s %s is in it twice".formatted(reader.kind(), object.key()));
                }
                object.value().ifPresent(values::add);
            }

            @Override
            public void unreadable(MalformedObjectException object) {
                LOG.warn("{}: one that cannot be told from others is left out: {}", file, object.getMessage());
            }
        };
        try (InputStream stream = new BufferedInputStream(Files.newInputStream(file))) {
            if (lists.readList(stream, sink).isList()) {
                return values;
            }
        }
        // no list: one object, whose fields the first reading has skipped
        try (InputStream stream = new BufferedInputStream(Files.newInputStream(file))) {
            sink.accept(lists.readObject(stream));
        }
        return values;
    }
}
