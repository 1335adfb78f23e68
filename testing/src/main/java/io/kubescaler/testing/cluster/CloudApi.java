package io.kubescaler.testing.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The part of DigitalOcean's API v2 that concerns Kubernetes clusters, behind the token and the limits. Thread-safe. */
final class CloudApi {
    /**
     * An answer.
     *
     * @param status HTTP status; 0 stands for a connection that is cut
     * @param headers headers beside those that every answer has
     * @param body JSON; empty for none
     */
    record Answer(int status, Map<String, String> headers, String body) {
        static final Answer CUT = new Answer(0, Map.of(), "");

        Answer with(String header, String value) {
            Map<String, String> more = new HashMap<>(headers);
            more.put(header, value);
            return new Answer(status, more, body);
        }
    }

    private record Route(String method, Pattern path, Function<Request, Answer> handler) {}

    private record Request(URI uri, String body, Matcher path) {
        /** Returns a parameter of the query. */
        Optional<String> parameter(String name) {
            return Optional.ofNullable(uri.getQuery()).stream()
                    .flatMap(query -> Arrays.stream(query.split("&")))
                    .filter(pair -> pair.startsWith(name + "="))
                    .map(pair -> pair.substring(name.length() + 1))
                    .findFirst();
        }

        int number(String name, int otherwise) {
            return parameter(name).map(Integer::parseInt).orElse(otherwise);
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String url;
    private final List<CloudPool> pools;
    private final String clusterId = UUID.randomUUID().toString();
    private final List<Route> routes;
    private volatile int dropletLimit = 1000;
    private volatile int pageSize = 200;
    private volatile boolean template = true;

    CloudApi(String url, List<CloudPool> pools) {
        this.url = url;
        this.pools = List.copyOf(pools);
        String cluster = "/v2/kubernetes/clusters/" + clusterId;
        this.routes = List.of(
                route("GET", "/v2/account", this::account),
                route("GET", "/v2/droplets", this::droplets),
                route("GET", "/v2/kubernetes/clusters", this::clusters),
                route("GET", cluster, request -> ok(object("kubernetes_cluster", clusterJson()))),
                route("GET", cluster + "/node_pools", this::nodePools),
                route("GET", cluster + "/node_pools/([^/]+)", request -> inPool(request, pool -> ok(poolJson(pool)))),
                route("PUT", cluster + "/node_pools/([^/]+)", request -> inPool(request, pool -> put(pool, request))),
                route("DELETE", cluster + "/node_pools/([^/]+)/nodes/([^/]+)", this::deleteNode),
                route("GET", cluster + "/node_pools_template/([^/]+)", this::poolTemplate));
    }

    private static Route route(String method, String path, Function<Request, Answer> handler) {
        return new Route(method, Pattern.compile(path), handler);
    }

    List<CloudPool> pools() {
        return pools;
    }

    void dropletLimit(int most) {
        dropletLimit = most;
    }

    void pageSize(int most) {
        pageSize = most;
    }

    void template(boolean present) {
        template = present;
    }

    Answer answer(String method, String pathAndQuery, String body) {
        URI uri = URI.create(pathAndQuery);
        for (Route route : routes) {
            Matcher matcher = route.path().matcher(uri.getPath());
            if (route.method().equals(method) && matcher.matches()) {
                return route.handler().apply(new Request(uri, body, matcher));
            }
        }
        return notFound();
    }

    static Answer error(int status, String id, String message) {
        String requestId = UUID.randomUUID().toString();
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        error.put("id", id).put("message", message).put("request_id", requestId);
        return new Answer(status, Map.of("x-request-id", requestId), error.toString());
    }

    private static Answer notFound() {
        return error(404, "not_found", "The resource you requested could not be found.");
    }

    private static Answer ok(JsonNode body) {
        return new Answer(200, Map.of(), body.toString());
    }

    private Answer account(Request request) {
        ObjectNode account = JsonNodeFactory.instance.objectNode();
        account.put("droplet_limit", dropletLimit).put("floating_ip_limit", 5).put("email", "ops@example.org");
        account.put("uuid", clusterId).put("email_verified", true);
        account.put("status", "active").put("status_message", "");
        return ok(object("account", account));
    }

    private Answer droplets(Request request) {
        ObjectNode answer = object("droplets", JsonNodeFactory.instance.arrayNode());
        answer.putObject("meta").put("total", dropletCount());
        return ok(answer);
    }

    private int dropletCount() {
        return pools.stream().mapToInt(CloudPool::count).sum();
    }

    private Answer clusters(Request request) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        all.add(foreignCluster("production"));
        all.add(foreignCluster("staging"));
        all.add(clusterJson());
        all.add(foreignCluster("playground"));
        return page(request, "kubernetes_clusters", all);
    }

    private Answer nodePools(Request request) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        pools.forEach(pool -> all.add(pool.json()));
        return page(request, "node_pools", all);
    }

    private Answer page(Request request, String field, ArrayNode all) {
        int size = Math.min(request.number("per_page", 20), pageSize);
        int page = request.number("page", 1);
        ArrayNode some = JsonNodeFactory.instance.arrayNode();
        for (int i = (page - 1) * size; i < Math.min(page * size, all.size()); i++) {
            some.add(all.get(i));
        }
        ObjectNode answer = object(field, some);
        ObjectNode links = answer.putObject("links");
        if (page * size < all.size()) {
            links.putObject("pages")
                    .put(
                            "next",
                            "%s%s?page=%d&per_page=%d"
                                    .formatted(url, request.uri().getPath(), page + 1, size));
        }
        answer.putObject("meta").put("total", all.size());
        return ok(answer);
    }

    private ObjectNode clusterJson() {
        ObjectNode json = foreignCluster(DigitalOceanStandIn.CLUSTER);
        json.put("id", clusterId);
        ArrayNode array = json.putArray("node_pools");
        pools.forEach(pool -> array.add(pool.json()));
        return json;
    }

    private static ObjectNode foreignCluster(String name) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", UUID.randomUUID().toString()).put("name", name).put("region", "fra1");
        json.put("version", "1.36.3-do.0");
        json.putObject("status").put("state", "running");
        json.putArray("node_pools");
        return json;
    }

    private Answer inPool(Request request, Function<CloudPool, Answer> answer) {
        return pools.stream()
                .filter(pool -> pool.id().equals(request.path().group(1)))
                .findFirst()
                .map(answer)
                .orElseGet(CloudApi::notFound);
    }

    private static ObjectNode poolJson(CloudPool pool) {
        return object("node_pool", pool.json());
    }

    private Answer put(CloudPool pool, Request request) {
        JsonNode order;
        try {
            order = JSON.readTree(request.body());
        } catch (JsonProcessingException e) {
            return error(400, "bad_request", "error parsing JSON request body");
        }
        if (!order.path("name").isTextual() || !order.path("count").isInt()) {
            return error(422, "unprocessable_entity", "name and count are required");
        }
        if (!order.path("name").asText().equals(pool.name())) {
            throw new IllegalStateException("somebody renamed the pool %s: %s".formatted(pool.name(), order));
        }
        synchronized (this) {
            int count = order.path("count").asInt();
            if (count > pool.count() && dropletCount() - pool.count() + count > dropletLimit) {
                return error(
                        422, "unprocessable_entity", "creating this/these droplet(s) will exceed your droplet limit");
            }
            pool.resize(count);
            return new Answer(202, Map.of(), poolJson(pool).toString());
        }
    }

    private Answer deleteNode(Request request) {
        boolean skipDrain = request.parameter("skip_drain").filter("1"::equals).isPresent();
        return inPool(
                request,
                pool -> pool.delete(request.path().group(2), skipDrain) ? new Answer(202, Map.of(), "") : notFound());
    }

    private Answer poolTemplate(Request request) {
        return pools.stream()
                .filter(pool -> template && pool.name().equals(request.path().group(1)))
                .findFirst()
                .map(pool -> ok(object("template", templateJson(pool.spec()))))
                .orElseGet(CloudApi::notFound);
    }

    private static ObjectNode templateJson(PoolSpec spec) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", spec.name()).put("slug", "s-4vcpu-8gb");
        ObjectNode labels = json.putObject("labels");
        spec.labels().forEach(labels::put);
        json.putArray("taints");
        for (String field : List.of("capacity", "allocatable")) {
            json.putObject(field)
                    .put("cpu", Integer.parseInt(spec.cpu()))
                    .put("memory", spec.memory())
                    .put("pods", spec.pods());
        }
        return json;
    }

    private static ObjectNode object(String field, JsonNode value) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.set(field, value);
        return object;
    }
}
