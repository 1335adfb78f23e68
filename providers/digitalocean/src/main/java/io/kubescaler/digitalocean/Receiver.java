package io.kubescaler.digitalocean;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Headers;
import okhttp3.Response;
import okio.BufferedSource;
import okio.ByteString;

/**
 * Reads an answer to its end on the HTTP client's own thread, and hands it over. Thread-safe.
 *
 * @param answer completed with the answer, or with why there is none
 */
record Receiver(CompletableFuture<Answer> answer) implements Callback {
    private static final long LARGEST_BODY = 16L << 20;

    /** A whole answer, of whatever status. */
    record Answer(int status, Headers headers, ByteString body) {}

    @Override
    public void onFailure(Call call, IOException failure) {
        answer.completeExceptionally(failure);
    }

    @Override
    public void onResponse(Call call, Response response) {
        try (response) {
            answer.complete(new Answer(
                    response.code(), response.headers(), body(response.body().source())));
        } catch (IOException | RuntimeException failure) {
            answer.completeExceptionally(failure);
        }
    }

    private static ByteString body(BufferedSource source) throws IOException {
        if (source.request(LARGEST_BODY + 1)) {
            throw new IOException("the answer is longer than %d bytes".formatted(LARGEST_BODY));
        }
        return source.readByteString();
    }
}
