package io.kubescaler.testing.cluster;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/** What the stand-in of the cloud does to a request instead of answering it properly. */
public sealed interface Fault {
    /**
     * Answers this, and carries nothing out.
     *
     * @param status HTTP status
     * @param headers headers of the answer
     * @param body body of the answer, JSON or not
     */
    record Answer(int status, Map<String, String> headers, String body) implements Fault {}

    /** Closes the connection before anything is carried out. */
    record Cut() implements Fault {}

    /** Carries the request out, and closes the connection in the middle of the answer. */
    record LostAnswer() implements Fault {}

    /** Carries the request out and answers it, after a while. */
    record Late(Duration by) implements Fault {}

    /**
     * Closes the connection after something else has been done, such as killing whoever sent the request.
     *
     * @param carriedOut whether the request itself is carried out before that
     * @param also what else is done
     */
    record CutWhile(boolean carriedOut, Runnable also) implements Fault {}

    /**
     * Closes the connection before anything is carried out, and hands over what carries the request out later.
     *
     * @param late takes what carries it out
     * @param also what else is done, such as killing whoever sent the request
     */
    record CarriedOutLater(Consumer<Runnable> late, Runnable also) implements Fault {}

    /** Returns an answer with the body that the API itself gives with that status. */
    static Fault status(int status, String id, String message) {
        return new Answer(
                status,
                Map.of("content-type", "application/json"),
                "{\"id\":\"%s\",\"message\":\"%s\",\"request_id\":\"test\"}".formatted(id, message));
    }

    /** Returns an answer as of a proxy in front of the API. */
    static Fault html(int status, String html) {
        return new Answer(status, Map.of("content-type", "text/html"), html);
    }
}
