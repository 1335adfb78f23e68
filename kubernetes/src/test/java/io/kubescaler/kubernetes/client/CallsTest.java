package io.kubescaler.kubernetes.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.kubescaler.testing.Patience;
import io.kubescaler.testing.cluster.FakeApiServer;
import io.kubescaler.testing.cluster.FakeApiServer.Fault;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class CallsTest {
    private final FakeApiServer server = FakeApiServer.start();
    private final Calls calls = new Calls();
    private final OkHttpClient http =
            new OkHttpClient.Builder().addInterceptor(calls).build();

    @AfterEach
    void close() {
        http.dispatcher().cancelAll();
        http.dispatcher().executorService().shutdown();
        server.close();
    }

    @Test
    void breaksOffACallWhoseAnswerIsRead() throws Exception {
        server.planAlways(request -> true, new Fault.Silence());
        Calls.Given given = calls.begin();
        Response response = http.newCall(request(given)).execute();
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        Thread reading = new Thread(() -> {
            try (response) {
                ended.complete(response.body().source().exhausted());
            } catch (IOException brokenOff) {
                ended.completeExceptionally(brokenOff);
            }
        });
        reading.start();
        given.giveUp();
        assertThatThrownBy(() -> ended.get(Patience.SECONDS, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
        reading.join(Patience.MILLIS);
        assertThat(calls.size()).isZero();
    }

    @Test
    void sendsNothingOfACallThatWasGivenUpBefore() {
        Calls.Given given = calls.begin();
        given.giveUp();
        assertThatThrownBy(() -> http.newCall(request(given)).execute())
                .isInstanceOf(IOException.class)
                .hasMessage("the request was given up before it was sent");
        assertThat(server.received()).isEmpty();
    }

    @Test
    void lettingGoOfACallBreaksNothingOff() throws Exception {
        Calls.Given given = calls.begin();
        try (Response response = http.newCall(request(given)).execute()) {
            given.close();
            assertThat(response.body().string()).contains("\"items\"");
        }
        assertThat(calls.size()).isZero();
    }

    @Test
    void leavesCallsOfOthersAlone() throws Exception {
        try (Response response =
                http.newCall(new Request.Builder().url(url()).build()).execute()) {
            assertThat(response.code()).isEqualTo(200);
        }
        assertThat(calls.size()).isZero();
    }

    @Test
    void refusesAClientThatItCannotGiveUpCallsOf() {
        try (KubernetesClient other =
                new KubernetesClientBuilder().withConfig(Config.empty()).build()) {
            assertThatThrownBy(() -> Calls.of(other))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("was not made by HttpThreads");
        }
    }

    private Request request(Calls.Given given) {
        return new Request.Builder().url(url()).header(Calls.HEADER, given.id()).build();
    }

    private String url() {
        try (KubernetesClient client = server.client(new HttpThreads())) {
            return client.getMasterUrl() + "api/v1/nodes";
        }
    }
}
