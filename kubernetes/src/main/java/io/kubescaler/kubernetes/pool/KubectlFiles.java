package io.kubescaler.kubernetes.pool;

import io.kubescaler.kubernetes.objects.Interner;
import io.kubescaler.kubernetes.objects.ListReader;
import io.kubescaler.kubernetes.objects.MalformedObjectException;
import io.kubescaler.kubernetes.objects.NodeReader;
import io.kubescaler.kubernetes.objects.ObjectReader;
import io.kubescaler.kubernetes.objects.Observed;
import io.kubescaler.kubernetes.objects.PodReader;
import io.kubescaler.model.Node;
import io.kubescaler.model.NodeLoad;
import io.kubescaler.model.Pod;
import io.kubescaler.model.PodSelectors;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.ServersFound;
import io.kubescaler.model.ServersFound.CarriedLabel;
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
     * @param pool the pool
     * @param pools all pools, this one included: the servers of any of them keep their node
     * @return the pool's nodes with the load of their pods, its unplaced servers, and what was found of its servers
     * @throws IOException when a file cannot be read, is not JSON, or holds something else; the message names the file,
     *     the place in it and what is wrong. An object that cannot be read in part says so itself; one that cannot be told
     *     from others is left out and named in the log
     */
    public static ClusterState read(Path nodes, Path pods, PoolPolicy pool, Collection<PoolPolicy> pools)
            throws IOException {
        PodSelectors selectors = PodSelectors.of(pools);
        List<Pod> allPods = read(pods, PodReader.ofAllLabels(interner()), "kubectl get pods -A");
        Map<String, List<Pod>> byNode = allPods.stream()
                .filter(pod -> pod.nodeName().isPresent())
                .collect(Collectors.groupingBy(pod -> pod.nodeName().orElseThrow()));
        List<Node> loaded = read(nodes, new NodeReader(interner()), "kubectl get nodes").stream()
                .filter(node -> pool.selector().matches(node.labels()))
                .map(node -> node.withLoad(NodeLoad.of(byNode.getOrDefault(node.name(), List.of()), selectors)))
                .toList();
        List<Pod> servers = allPods.stream()
                .filter(pod -> pod.isServer(pool.serverSelector()))
                .toList();
        List<Pod> unplaced = servers.stream().filter(KubectlFiles::waits).toList();
        List<Pod> others = allPods.stream()
                .filter(pod -> waits(pod) && !pod.isServer(pool.serverSelector()) && NodeLoad.keepsNode(pod, selectors))
                .toList();
        ServersFound found = ServersFound.of(servers.size());
        return new ClusterState(
                        loaded,
                        unplaced,
                        servers.isEmpty() ? found.withCarried(carried(loaded, byNode, pool)) : found,
                        new Overlap(pool, pools).among(loaded))
                .withOtherUnplaced(others);
    }

    private static boolean waits(Pod pod) {
        return pod.nodeName().isEmpty() && !pod.terminating();
    }

    private static List<CarriedLabel> carried(List<Node> nodes, Map<String, List<Pod>> byNode, PoolPolicy pool) {
        NearestLabels labels = new NearestLabels(pool.serverSelector());
        nodes.forEach(node -> byNode.getOrDefault(node.name(), List.of()).forEach(labels::add));
        return labels.found();
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
