package io.kubescaler.kubernetes.client;

import com.google.common.base.Throwables;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.kubescaler.control.ClusterException;
import io.kubescaler.control.ClusterException.Kind;
import java.util.Optional;

/** Tells what a failed request to the API server means for the scaler. */
public final class ApiErrors {
    private ApiErrors() {}

    /**
     * Translates the client's exception, whose code is the HTTP status, or not above 0 when there was no answer.
     *
     * @param doing what was tried, such as {@code "reading lease kubescaler/kubescaler"}
     */
    public static ClusterException translate(String doing, KubernetesClientException failure) {
        return new ClusterException(kind(failure.getCode()), doing + " failed: " + describe(failure), failure);
    }

    /**
     * Returns what a refusal means.
     *
     * @param status HTTP status, or not above 0 when there was no answer
     */
    public static Kind kind(int status) {
        return switch (status) {
            case 409 -> Kind.CONFLICT;
            case 404, 410 -> Kind.GONE;
            case 401, 403 -> Kind.FORBIDDEN;
            default -> Kind.UNAVAILABLE;
        };
    }

    /** Returns what the API server said, or else what went wrong on the way to it, in one line. */
    public static String describe(KubernetesClientException failure) {
        String said = Optional.ofNullable(failure.getStatus())
                .map(Status::getMessage)
                .filter(message -> !message.isBlank())
                .orElseGet(() -> rootMessage(failure));
        String line = said.lines().findFirst().orElse(said);
        return failure.getCode() <= 0 ? line : "HTTP " + failure.getCode() + ": " + line;
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = Throwables.getRootCause(failure);
        String name = root.getClass().getSimpleName();
        return root.getMessage() == null ? name : name + ": " + root.getMessage();
    }
}
