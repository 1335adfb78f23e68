package io.kubescaler.digitalocean;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kubescaler.provider.ProviderException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.Headers;

/**
 * Decides what kind of failure an answer of the cloud is, and words it with what the cloud said. Thread-safe.
 *
 * <p>The body of an error is {@code {"id", "message", "request_id"}}; what stands between us and the cloud may answer
 * with anything else, or with nothing.
 */
final class ApiErrors {
    // the 422 is not documented; messages seen speak of the "droplet limit", the others are cautious
    private static final Pattern QUOTA = Pattern.compile("droplet limit|quota|capacity");

    private final ObjectMapper json;
    private final Clock clock;
    private final Redactor redactor;

    ApiErrors(ObjectMapper json, Clock clock, Redactor redactor) {
        this.json = json;
        this.clock = clock;
        this.redactor = redactor;
    }

    /**
     * Returns the failure that an answer other than 2xx stands for.
     *
     * @param request method and path, such as {@code GET /v2/account}
     */
    ProviderException of(String request, int status, Headers headers, byte[] body) {
        Detail detail = detail(headers, body);
        String message =
                "DigitalOcean answered %d to %s: %s%s".formatted(status, request, detail.message, detail.reference);
        return switch (status) {
            case 401 -> new ProviderException.Unauthorized(message + "; check cloud-provider-token");
            case 403 ->
                new ProviderException.Unauthorized(message
                        + "; check the scopes of cloud-provider-token, it needs kubernetes:read and kubernetes:update");
            case 404 -> new ProviderException.NotFound(message);
            case 408 -> new ProviderException.Transient(message);
            case 429 -> new ProviderException.RateLimited(message, RateLimitHeaders.pause(headers, clock));
            case 422 ->
                QUOTA.matcher(detail.message.toLowerCase(Locale.ROOT)).find()
                        ? new ProviderException.QuotaExceeded(message)
                        : new ProviderException.InvalidRequest(message);
            default -> other(status, message);
        };
    }

    private static ProviderException other(int status, String message) {
        if (status >= 500) {
            return new ProviderException.Transient(message);
        }
        if (status >= 300 && status < 400) {
            return new ProviderException.InvalidRequest(
                    message + "; redirects are not followed, since the token would go along: check api-url");
        }
        return new ProviderException.InvalidRequest(message);
    }

    /** Returns what a failure says; every failure of this provider says something. */
    static String message(ProviderException failure) {
        return Optional.ofNullable(failure.getMessage()).orElseGet(failure::toString);
    }

    private Detail detail(Headers headers, byte[] body) {
        Optional<JsonNode> read = read(body);
        String message = read.map(error -> Fields.text(error, "message")).orElse("");
        String id = read.map(error -> Fields.text(error, "id")).orElse("");
        String requestId = read.map(error -> Fields.text(error, "request_id")).orElse("");
        if (requestId.isEmpty()) {
            requestId = Optional.ofNullable(headers.get("x-request-id")).orElse("");
        }
        String said = message.isEmpty() ? id : message;
        if (said.isEmpty()) {
            // U+FFFD stands for what is no UTF-8
            said = body.length == 0
                    ? "no message"
                    : "a body that is not the API's: " + new String(body, StandardCharsets.UTF_8);
        }
        return new Detail(
                redactor.clean(said), requestId.isEmpty() ? "" : " (request " + redactor.clean(requestId) + ")");
    }

    private Optional<JsonNode> read(byte[] body) {
        try {
            return Optional.ofNullable(json.readTree(body)).filter(JsonNode::isObject);
        } catch (JacksonException notJson) {
            // shown as it is by the caller
            return Optional.empty();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private record Detail(String message, String reference) {}
}
