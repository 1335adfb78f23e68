package io.kubescaler.bench.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** One Lease, as an API server keeps it for a single replica. Thread-safe. */
final class LeaseObject {
    private static final ObjectMapper JSON = new ObjectMapper();

    private String kept = "";
    private long version;

    /** An answer: HTTP status and body. */
    record Answer(int status, String body) {}

    /** Answers a request for it. */
    synchronized Answer answer(String method, String body) {
        return switch (method) {
            case "GET" ->
                kept.isEmpty()
                        ? new Answer(404, "{\"kind\":\"Status\",\"code\":404,\"reason\":\"NotFound\"}")
                        : new Answer(200, kept);
            case "POST" -> new Answer(201, keep(body));
            case "PUT" -> new Answer(200, keep(body));
            default -> new Answer(405, "{\"kind\":\"Status\",\"code\":405,\"reason\":\"MethodNotAllowed\"}");
        };
    }

    private String keep(String body) {
        try {
            ObjectNode lease = (ObjectNode) JSON.readTree(body);
            lease.withObject("/metadata").put("resourceVersion", Long.toString(++version));
            kept = lease.toString();
            return kept;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the scaler sent a Lease that is no JSON", e);
        }
    }
}
