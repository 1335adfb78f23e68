package io.kubescaler.kubernetes.client;

import com.fasterxml.jackson.core.JsonParser;
import io.kubescaler.kubernetes.objects.Json;
import io.kubescaler.words.OneLine;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Reads the {@code Status} object by which the API server says what went wrong. Stateless. */
public final class StatusReader {
    private static final int UNKNOWN = 500;

    private StatusReader() {}

    /**
     * Reads a status: the parser is on its first token, and is left on its last one.
     *
     * @param httpCode the status of the response; empty for a status inside a watch
     */
    public static ApiException read(JsonParser parser, Optional<Integer> httpCode, Optional<Duration> retryAfter)
            throws IOException {
        Status status = new Status();
        Json.fields(parser, field -> {
            switch (field) {
                case "message" -> status.message = Json.text(parser).orElse("");
                case "reason" -> status.reason = Json.text(parser).orElse("");
                case "code" -> status.code = Optional.of(parser.getValueAsInt(UNKNOWN));
                case "details" -> details(parser, status);
                default -> parser.skipChildren();
            }
        });
        boolean expired = status.reason.equals("Expired") || status.reason.equals("Gone");
        int code = expired ? 410 : httpCode.or(() -> status.code).orElse(UNKNOWN);
        return new ApiException(code, message(status), retryAfter.or(() -> status.retryAfter));
    }

    private static String message(Status status) {
        return status.message.isEmpty() ? status.reason : OneLine.of(status.message);
    }

    private static void details(JsonParser parser, Status status) throws IOException {
        Json.fields(parser, field -> {
            if (field.equals("retryAfterSeconds")) {
                int seconds = parser.getValueAsInt(0);
                status.retryAfter = seconds > 0 ? Optional.of(Duration.ofSeconds(seconds)) : Optional.empty();
            } else {
                parser.skipChildren();
            }
        });
    }

    private static final class Status {
        private String message = "";
        private String reason = "";
        private Optional<Integer> code = Optional.empty();
        private Optional<Duration> retryAfter = Optional.empty();
    }
}
