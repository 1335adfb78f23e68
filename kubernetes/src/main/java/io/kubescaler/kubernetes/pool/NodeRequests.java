package io.kubescaler.kubernetes.pool;

import io.kubescaler.control.ClusterException;
import io.kubescaler.control.ClusterException.Kind;
import io.kubescaler.kubernetes.client.ApiErrors;
import io.kubescaler.kubernetes.client.ApiException;
import io.kubescaler.kubernetes.client.ApiServer;
import io.kubescaler.kubernetes.client.Deadline;
import io.kubescaler.kubernetes.objects.Interner;
import io.kubescaler.kubernetes.objects.ListReader;
import io.kubescaler.kubernetes.objects.MalformedObjectException;
import io.kubescaler.kubernetes.objects.NodeReader;
import io.kubescaler.kubernetes.objects.ObjectReader;
import io.kubescaler.kubernetes.objects.PodReader;
import io.kubescaler.model.Node;
import io.kubescaler.model.NodeLoad;
import io.kubescaler.model.Pod;
import io.kubescaler.model.PodSelectors;
import io.kubescaler.model.TimeBudget;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** Requests about nodes over HTTP. Thread-safe. */
final class NodeRequests implements NodeApi {
    private static final String NODES = "/api/v1/nodes";
    private static final Duration ONE_OBJECT = Duration.ofSeconds(10);
    private static final Duration ONE_PAGE = Duration.ofSeconds(15);
    private static final int PAGE = 500;
    // 50,000 objects; a server that never stops handing out pages must not hold up a pool
    private static final int MOST_PAGES = 100;

    private final ApiServer server;
    private final PodSelectors selectors;
    private final LongSupplier nanoTime;

    /**
     * @param selectors which pods keep their node
     * @param nanoTime a clock that never jumps, in nanoseconds
     */
    NodeRequests(ApiServer server, PodSelectors selectors, LongSupplier nanoTime) {
        this.server = server;
        this.selectors = selectors;
        this.nanoTime = nanoTime;
    }

    @Override
    public Deadline deadline() {
        return Deadline.in(TimeBudget.LIVE_READS, nanoTime);
    }

    @Override
    public Optional<Node> node(String name, Deadline deadline) throws ClusterException {
        try (InputStream answer = server.open(
                ApiServer.Request.get(path(name), Map.of()), ApiServer.Limits.of(deadline.atMost(ONE_OBJECT)))) {
            return new ListReader<>(nodeReader()).readObject(answer).value();
        } catch (ApiException refused) {
            if (refused.code() == 404) {
                return Optional.empty();
            }
            throw failed("node %s cannot be read".formatted(name), refused);
        } catch (IOException failed) {
            throw failed("node %s cannot be read".formatted(name), failed);
        }
    }

    @Override
    public List<Node> nodes(Optional<String> labelSelector, Predicate<Node> fits, Deadline deadline)
            throws ClusterException {
        Map<String, String> selectors =
                labelSelector.map(text -> Map.of("labelSelector", text)).orElse(Map.of());
        return list("the nodes cannot be listed", NODES, selectors, nodeReader(), fits, deadline);
    }

    @Override
    public NodeLoad load(String node, Deadline deadline) throws ClusterException {
        return NodeLoad.of(pods(node, new PodReader(selectors.keys(), interner()), deadline), selectors);
    }

    @Override
    public List<Pod> pods(String node, Deadline deadline) throws ClusterException {
        return pods(node, PodReader.ofAllLabels(interner()), deadline);
    }

    // what the server selects is looked at again: one that ignored the selector must not make a node look busy or empty
    private List<Pod> pods(String node, PodReader reader, Deadline deadline) throws ClusterException {
        return list(
                "the pods of node %s cannot be listed".formatted(node),
                "/api/v1/pods",
                Map.of("fieldSelector", "spec.nodeName=" + node),
                reader,
                pod -> pod.nodeName().filter(node::equals).isPresent(),
                deadline);
    }

    @Override
    public Node patch(String name, String resourceVersion, NodePatch patch) throws ClusterException {
        ApiServer.Request request = ApiServer.Request.patch(
                path(name), Map.of("fieldManager", Node.FIELD_MANAGER), patch.json(resourceVersion));
        try (InputStream answer = server.open(request, ApiServer.Limits.of(TimeBudget.NODE_WRITE))) {
            return new ListReader<>(nodeReader()).readObject(answer).value().orElseThrow();
        } catch (IOException failed) {
            throw failed("node %s was not changed".formatted(name), failed);
        }
    }

    private <T> List<T> list(
            String otherwise,
            String path,
            Map<String, String> selectors,
            ObjectReader<T> reader,
            Predicate<T> fits,
            Deadline deadline)
            throws ClusterException {
        ListReader<T> lists = new ListReader<>(reader);
        List<T> values = new ArrayList<>();
        Map<String, String> query = new HashMap<>(selectors);
        query.put("limit", String.valueOf(PAGE));
        try {
            for (int pages = 0; pages < MOST_PAGES; pages++) {
                ListReader.Page page;
                try (InputStream answer = server.open(
                        ApiServer.Request.get(path, query), ApiServer.Limits.of(deadline.atMost(ONE_PAGE)))) {
                    page = lists.readList(
                            answer, object -> object.value().filter(fits).ifPresent(values::add));
                }
                if (!page.isList()) {
                    throw new MalformedObjectException("the answer is not a list");
                }
                if (page.continueToken().isEmpty()) {
                    return values;
                }
                query.put("continue", page.continueToken());
            }
            throw new IOException("there are more than %d of them".formatted(PAGE * MOST_PAGES));
        } catch (IOException failed) {
            throw failed(otherwise, failed);
        }
    }

    private static ClusterException failed(String what, IOException failure) {
        String message = "%s: %s".formatted(what, failure.getMessage());
        return new ClusterException(
                failure instanceof ApiException refused ? ApiErrors.kind(refused.code()) : Kind.UNAVAILABLE,
                message,
                failure);
    }

    private static String path(String node) {
        return NODES + "/" + ApiServer.encoded(node);
    }

    private static NodeReader nodeReader() {
        return new NodeReader(interner());
    }

    private static Interner interner() {
        return new Interner(1000);
    }
}
