package io.kubescaler.kubernetes.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.okhttp.OkHttpClientImpl;
import io.kubescaler.testing.Patience;
import io.kubescaler.testing.cluster.FakeApiServer;
import io.kubescaler.testing.cluster.FakeApiServer.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** That a body is never closed while a thread of the HTTP client reads from its connection. */
final class BodyStreamTest {
    private final FakeApiServer server = FakeApiServer.start();
    private final KubernetesClient client = server.client(new HttpThreads());
    private final Body body = new Body();
    private final BodyStream stream =
            new BodyStream(Duration.ofMillis(1), () -> {}, Calls.of(client).begin());

    BodyStreamTest() {
        stream.attach(body);
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void leavesTheClosingToTheThreadThatReads() {
        fallSilent();
        stream.close();
        assertThat(body.closed).as("closed beside the read that is under way").isZero();
    }

    // a connection that stays silent would keep its thread for as long as the call may last
    @Test
    void breaksOffTheCallOfASilentAnswer() throws Exception {
        server.planAlways(request -> true, new Fault.Silence());
        Calls.Given call = Calls.of(client).begin();
        CompletableFuture<Boolean> read = new CompletableFuture<>();
        OkHttpClient http = ((OkHttpClientImpl) client.getHttpClient()).getOkHttpClient();
        Response response = http.newCall(new Request.Builder()
                        .url(client.getMasterUrl() + "api/v1/nodes")
                        .header(Calls.HEADER, call.id())
                        .build())
                .execute();
        BodyStream silent = new BodyStream(Duration.ofMillis(1), () -> {}, call);
        silent.attach(new Body() {
            @Override
            public void consume() {
                Thread reading = new Thread(() -> {
                    try (response) {
                        read.complete(response.body().source().exhausted());
                    } catch (IOException brokenOff) {
                        read.completeExceptionally(brokenOff);
                    }
                });
                reading.setDaemon(true);
                reading.start();
            }
        });
        assertThatThrownBy(silent::read).isInstanceOf(SilenceException.class);
        silent.close();
        assertThatThrownBy(() -> read.get(Patience.SECONDS, TimeUnit.SECONDS))
                .as("the read that was under way")
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void closesTheBodyOnceTheReadUnderWayHasEnded() {
        fallSilent();
        stream.close();
        stream.take(bytes("late"));
        assertThat(body.closed).isEqualTo(1);
    }

    @Test
    void closesABodyThatNothingReadsAtOnce() throws IOException {
        body.answer = "abc";
        assertThat(stream.read()).isEqualTo('a');
        stream.close();
        stream.close();
        assertThat(body.closed).isEqualTo(1);
    }

    @Test
    void closesABodyThatWasNeverAskedFor() {
        stream.close();
        assertThat(body.closed).isEqualTo(1);
    }

    @Test
    void asksForNothingMoreWhileAReadIsUnderWay() throws IOException {
        fallSilent();
        fallSilent();
        assertThat(body.asked).isEqualTo(1);
        stream.take(bytes("a"));
        assertThat(stream.read()).isEqualTo('a');
        fallSilent();
        assertThat(body.asked).isEqualTo(2);
    }

    @Test
    void leavesABodyAloneThatHasEnded() throws IOException {
        body.done.complete(null);
        assertThat(stream.read()).isEqualTo(-1);
        stream.close();
        assertThat(body.closed).isZero();
    }

    private void fallSilent() {
        assertThatThrownBy(stream::read).isInstanceOf(SilenceException.class);
    }

    private static List<ByteBuffer> bytes(String text) {
        return List.of(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private class Body implements AsyncBody {
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private String answer = "";
        private int asked;
        private int closed;

        @Override
        public void consume() {
            asked++;
            if (!answer.isEmpty()) {
                stream.take(bytes(answer));
            }
        }

        @Override
        public CompletableFuture<Void> done() {
            return done;
        }

        @Override
        public void cancel() {
            closed++;
            done.cancel(false);
        }
    }
}
