package io.kubescaler.digitalocean;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kubescaler.provider.ProviderException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import okhttp3.HttpUrl;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The requests that this provider makes of the DigitalOcean API, one method each. Nothing is repeated or remembered.
 * Every method throws what {@link HttpTransport#send} throws, and {@link ProviderException.Transient} for a success
 * that says nothing sensible. Thread-safe.
 */
final class ApiClient {
    private static final String PAGE_SIZE = "200";
    private static final int MOST_PAGES = 100;
    private static final int MOST_ELEMENTS = 20_000;
    // what the API's description has, and what a gateway in front of it may make of an answer without a body
    private static final Set<Integer> DELETION_TAKEN = Set.of(202, 204);

    private final HttpUrl apiUrl;
    private final HttpTransport transport;
    private final AnswerReader reader;
    private final Redactor redactor;

    ApiClient(HttpUrl apiUrl, HttpTransport transport, ObjectMapper json) {
        this.apiUrl = apiUrl;
        this.transport = transport;
        this.redactor = transport.redactor();
        this.reader = new AnswerReader(json, redactor);
    }

    /** A cluster: its UUID, its name, and the cloud's word for its state ({@code running} when all is well). */
    record Cluster(String id, String name, String state) {}

    /**
     * The account.
     *
     * @param dropletLimit the most Droplets that it may have; empty when the token may not see it
     * @param status {@code active}, {@code warning} or {@code locked}; empty when not told
     * @param statusMessage what the cloud says about the status
     */
    record Account(Optional<Integer> dropletLimit, String status, String statusMessage) {}

    /** Lists every cluster that the token sees. */
    List<Cluster> clusters(Deadline deadline) throws ProviderException {
        HttpUrl first = url("kubernetes", "clusters")
                .newBuilder()
                .addQueryParameter("per_page", PAGE_SIZE)
                .build();
        return everyElement(
                first,
                "kubernetes_clusters",
                cluster -> new Cluster(
                        shown(cluster, "id"), shown(cluster, "name"), shown(cluster.path("status"), "state")),
                deadline);
    }

    /** Lists every node pool of a cluster, machines included. */
    List<Pool> pools(String clusterId, Deadline deadline) throws ProviderException {
        HttpUrl first = url("kubernetes", "clusters", clusterId, "node_pools");
        return everyElement(first, "node_pools", pool -> Pool.read(clusterId, pool, redactor), deadline);
    }

    /** Reads a pool. */
    Pool pool(Pool.Ids ids, Deadline deadline) throws ProviderException {
        return Pool.read(ids.clusterId(), get(poolUrl(ids), deadline).path("node_pool"), redactor);
    }

    /** Orders so many nodes in all for the pool that was read. */
    void resize(Pool pool, int size, Deadline deadline) throws ProviderException {
        byte[] body = pool.resizedTo(size).toString().getBytes(StandardCharsets.UTF_8);
        order("PUT", poolUrl(pool.ids()), Optional.of(body), deadline);
    }

    /**
     * Orders the end of one machine; the count of its pool falls by one.
     *
     * @throws ProviderException.Transient too for a success that is not the API's answer to a deletion: the order may not
     *     have reached it
     */
    void deleteNode(Pool.Ids ids, String nodeId, boolean skipDrain, Deadline deadline) throws ProviderException {
        HttpUrl url = poolUrl(ids)
                .newBuilder()
                .addPathSegment("nodes")
                .addPathSegment(nodeId)
                .addQueryParameter("skip_drain", skipDrain ? "1" : "0")
                .build();
        int status = order("DELETE", url, Optional.empty(), deadline);
        if (!DELETION_TAKEN.contains(status)) {
            throw nonsense("DELETE " + url.encodedPath(), "with %d instead of 202 or 204".formatted(status));
        }
    }

    /** Reads what a new node of a pool will be. Not in the published description; the vendor's own Go client has it. */
    JsonNode template(String clusterId, String poolName, Deadline deadline) throws ProviderException {
        return get(url("kubernetes", "clusters", clusterId, "node_pools_template", poolName), deadline)
                .path("template");
    }

    /** Reads the account. */
    Account account(Deadline deadline) throws ProviderException {
        JsonNode account = get(url("account"), deadline).path("account");
        JsonNode limit = account.path("droplet_limit");
        // 0 stands for "not for this token" as well
        return new Account(
                limit.canConvertToInt() && limit.asInt() > 0 ? Optional.of(limit.asInt()) : Optional.empty(),
                shown(account, "status"),
                shown(account, "status_message"));
    }

    /** Returns how many Droplets the account has, nodes of clusters included; empty when the cloud does not count. */
    Optional<Integer> dropletCount(Deadline deadline) throws ProviderException {
        HttpUrl url =
                url("droplets").newBuilder().addQueryParameter("per_page", "1").build();
        JsonNode total = get(url, deadline).path("meta").path("total");
        return total.canConvertToInt() && total.isIntegralNumber() ? Optional.of(total.asInt()) : Optional.empty();
    }

    private HttpUrl poolUrl(Pool.Ids ids) {
        return url("kubernetes", "clusters", ids.clusterId(), "node_pools", ids.poolId());
    }

    private HttpUrl url(String... segments) {
        HttpUrl.Builder url = apiUrl.newBuilder().addPathSegment("v2");
        for (String segment : segments) {
            url.addPathSegment(segment);
        }
        return url.build();
    }

    private String shown(JsonNode object, String field) {
        return redactor.clean(Fields.text(object, field));
    }

    /** Reads one element of a list. */
    @FunctionalInterface
    private interface Element<T> {
        T read(JsonNode element) throws ProviderException;
    }

    /** Keeps of each page only what is read from it: pages may be large. */
    private <T> List<T> everyElement(HttpUrl first, String field, Element<T> reader, Deadline deadline)
            throws ProviderException {
        List<T> elements = new ArrayList<>();
        Set<HttpUrl> seen = new HashSet<>();
        Optional<HttpUrl> next = Optional.of(first);
        while (next.isPresent()) {
            HttpUrl page = next.get();
            if (!seen.add(page) || seen.size() > MOST_PAGES || elements.size() > MOST_ELEMENTS) {
                throw new ProviderException.Transient(
                        "DigitalOcean's pages of %s do not end after %d".formatted(field, seen.size()));
            }
            JsonNode answer = get(page, deadline);
            if (!answer.path(field).isArray()) {
                throw nonsense("GET " + page.encodedPath(), "without " + field);
            }
            for (JsonNode element : answer.path(field)) {
                elements.add(reader.read(element));
            }
            next = next(answer, page);
        }
        return elements;
    }

    /** The transport sends nothing to another host, whatever is named here. */
    private Optional<HttpUrl> next(JsonNode answer, HttpUrl page) throws ProviderException {
        String link = Fields.text(answer.path("links").path("pages"), "next");
        if (link.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Optional.ofNullable(page.resolve(link))
                .orElseThrow(() -> nonsense("GET " + page.encodedPath(), "with a next page that is no address")));
    }

    /** Returns the status. An order is answered with at most a JSON object; else it may not come from the API at all. */
    private int order(String method, HttpUrl url, Optional<byte[]> body, Deadline deadline) throws ProviderException {
        Receiver.Answer answer = transport.send(method, url, body, deadline);
        if (answer.body().size() > 0) {
            parse(method + " " + url.encodedPath(), answer.body());
        }
        return answer.status();
    }

    private JsonNode get(HttpUrl url, Deadline deadline) throws ProviderException {
        return parse(
                "GET " + url.encodedPath(),
                transport.send("GET", url, Optional.empty(), deadline).body());
    }

    private JsonNode parse(String request, ByteString answer) throws ProviderException {
        try {
            JsonNode read = reader.read(answer);
            if (read instanceof ObjectNode) {
                return read;
            }
        } catch (JacksonException notJson) {
            // without the cause, whose message quotes the body
            throw nonsense(request, "with what is not JSON" + place(notJson.getLocation()));
        } catch (IOException impossible) {
            throw new UncheckedIOException("reading from memory failed", impossible);
        }
        throw nonsense(request, "with what is not a JSON object");
    }

    // a document that is too large or too deep has no place where it is so
    private static String place(@Nullable JsonLocation location) {
        return location == null
                ? ", or far too much of it"
                : " (line %d, column %d)".formatted(location.getLineNr(), location.getColumnNr());
    }

    private static ProviderException.Transient nonsense(String request, String how) {
        return new ProviderException.Transient("DigitalOcean answered %s %s".formatted(request, how));
    }
}
