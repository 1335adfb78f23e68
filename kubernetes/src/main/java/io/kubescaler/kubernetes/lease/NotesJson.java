package io.kubescaler.kubernetes.lease;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kubescaler.model.PoolNotes;
import io.kubescaler.model.PoolNotes.GrowthOrder;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The notes of pools as JSON: {@code {"games":{"ordersKnown":true,"order":{"size":9,"at":"2026-01-01T00:00:00Z"},
 * "serversSeen":"app=game"}}}.
 * Fields that it does not know are left out. Stateless.
 */
public final class NotesJson {
    private static final String ORDERS_KNOWN = "ordersKnown";
    private static final String ORDER = "order";
    private static final String SIZE = "size";
    private static final String AT = "at";
    private static final String SERVERS_SEEN = "serversSeen";

    private NotesJson() {}

    /** Writes the notes of pools, by the names of the pools, in one line and always in the same order. */
    public static String write(Map<String, PoolNotes> notes) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        new TreeMap<>(notes).forEach((pool, of) -> {
            ObjectNode entry = document.putObject(pool);
            entry.put(ORDERS_KNOWN, of.ordersKnown());
            of.order()
                    .ifPresent(order -> entry.putObject(ORDER)
                            .put(SIZE, order.size())
                            .put(AT, order.at().toString()));
            of.serversSeen().ifPresent(selector -> entry.put(SERVERS_SEEN, selector));
        });
        return document.toString();
    }

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException when it is something else; the message says what
     */
    public static Map<String, PoolNotes> read(String text) {
        JsonNode document = parse(text);
        if (!document.isObject()) {
            throw new IllegalArgumentException("it is no JSON object");
        }
        Map<String, PoolNotes> notes = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : document.properties()) {
            notes.put(
                    entry.getKey(),
                    new PoolNotes(
                            entry.getValue().path(ORDERS_KNOWN).asBoolean(false),
                            order(entry.getValue().path(ORDER)),
                            Optional.ofNullable(
                                    entry.getValue().path(SERVERS_SEEN).textValue())));
        }
        return notes;
    }

    private static JsonNode parse(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JacksonException malformed) {
            throw new IllegalArgumentException("it is no JSON", malformed);
        }
    }

    private static Optional<GrowthOrder> order(JsonNode order) {
        if (order.isMissingNode() || order.isNull()) {
            return Optional.empty();
        }
        if (!order.path(SIZE).canConvertToInt() || !order.path(SIZE).isIntegralNumber()) {
            throw new IllegalArgumentException("the size of an order is %s".formatted(order.path(SIZE)));
        }
        try {
            return Optional.of(new GrowthOrder(
                    order.path(SIZE).intValue(), Instant.parse(order.path(AT).asText())));
        } catch (DateTimeException malformed) {
            throw new IllegalArgumentException("the time of an order is %s".formatted(order.path(AT)), malformed);
        }
    }
}
