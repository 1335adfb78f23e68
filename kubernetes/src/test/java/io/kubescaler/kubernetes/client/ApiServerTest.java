package io.kubescaler.kubernetes.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.kubescaler.testing.Patience;
import io.kubescaler.testing.cluster.FakeApiServer;
import io.kubescaler.testing.cluster.FakeApiServer.Fault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.AbstractMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import okio.Buffer;
import org.junit.jupiter.api.Test;

final class ApiServerTest {
    private static final Duration LONG = Duration.ofMillis(Patience.MILLIS);
    private static final ApiServer.Limits PATIENT = new ApiServer.Limits(LONG, LONG, LONG);
    private static final ApiServer.Limits QUICK =
            new ApiServer.Limits(Duration.ofSeconds(60), Duration.ofMillis(1), Duration.ofSeconds(60));

    private static final Map<String, String> NO_MEMORY = new AbstractMap<>() {
        @Override
        public Set<Entry<String, String>> entrySet() {
            throw new OutOfMemoryError("as when no thread can be started");
        }
    };

    private final Set<String> sent = ConcurrentHashMap.newKeySet();

    @Test
    void leavesTheBuffersOfOtherRequestsAloneWhenItGivesUpOnAnAnswer() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> answerSlowly(socket));
            answering.setDaemon(true);
            answering.start();
            try (KubernetesClient client = client(socket);
                    CapturedLog faults = CapturedLog.of(HttpThreads.class)) {
                ApiServer server = ApiServer.of(client, InstantSource.system());
                for (int i = 0; i < 200; i++) {
                    giveUpOnAnAnswer(server);
                }
                assertThat(faults.lines()).as("two threads at one buffer").isEmpty();
            }
        }
        assertThat(sent).as("a name that is for our own use").contains("Accept").doesNotContain(Calls.HEADER);
        assertThat(Stream.generate(Buffer::new)
                        .limit(200)
                        .map(buffer -> buffer.writeUtf8("127.0.0.1"))
                        .toList())
                .allSatisfy(buffer -> assertThat(buffer.readUtf8()).isEqualTo("127.0.0.1"));
    }

    @Test
    void keepsNothingOfACallHoweverItEnds() throws Exception {
        FakeApiServer fake = FakeApiServer.start();
        try (KubernetesClient client = fake.client(new HttpThreads())) {
            ApiServer server = ApiServer.of(client, InstantSource.system());
            read(server, PATIENT);
            fake.plan(any -> true, new Fault.Refusal(503, "ServiceUnavailable", Optional.empty(), "not now"));
            fails(server, PATIENT, ApiException.class);
            fake.plan(any -> true, new Fault.Silence());
            fails(server, new ApiServer.Limits(LONG, Duration.ofMillis(1), LONG), SilenceException.class);
            fake.plan(any -> true, new Fault.NoAnswer());
            fails(server, new ApiServer.Limits(Duration.ofMillis(1), LONG, LONG), IOException.class);
            ApiServer.Request faulty = new ApiServer.Request("GET", "/api/v1/nodes", NO_MEMORY, Optional.empty());
            assertThatThrownBy(() -> server.open(faulty, PATIENT)).isInstanceOf(OutOfMemoryError.class);
            Thread.currentThread().interrupt();
            fails(server, PATIENT, InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
            fake.close();
            fails(server, PATIENT, IOException.class);

            assertThat(OpenCalls.of(client)).isZero();
        } finally {
            fake.close();
        }
    }

    @Test
    void givesUpTheAnswerToARequestThatWasSentOnceMoreWithANewToken() throws Exception {
        AtomicInteger tokens = new AtomicInteger();
        try (FakeApiServer fake = FakeApiServer.start();
                KubernetesClient plain = fake.client(new HttpThreads());
                KubernetesClient client = new KubernetesClientBuilder()
                        .withConfig(new ConfigBuilder(Config.empty())
                                .withMasterUrl(plain.getMasterUrl().toString())
                                .withOauthTokenProvider(() -> "token-" + tokens.incrementAndGet())
                                .build())
                        .withHttpClientFactory(new HttpThreads())
                        .build()) {
            ApiServer server = ApiServer.of(client, InstantSource.system());
            fake.plan(any -> true, new Fault.Refusal(401, "Unauthorized", Optional.empty(), "the token has expired"));
            fake.plan(any -> true, new Fault.Silence());

            fails(server, new ApiServer.Limits(LONG, Duration.ofMillis(1), LONG), SilenceException.class);

            assertThat(fake.received()).hasSize(2);
            assertThat(OpenCalls.of(client)).isZero();
        }
    }

    private static void read(ApiServer server, ApiServer.Limits limits) throws IOException {
        try (InputStream answer = server.open(ApiServer.Request.get("/api/v1/nodes", Map.of()), limits)) {
            assertThat(answer.readAllBytes()).isNotEmpty();
        }
    }

    private static void fails(ApiServer server, ApiServer.Limits limits, Class<? extends IOException> how) {
        assertThatThrownBy(() -> read(server, limits)).isInstanceOf(how);
    }

    private static void giveUpOnAnAnswer(ApiServer server) {
        assertThatThrownBy(() -> {
                    try (InputStream answer =
                            server.open(ApiServer.Request.get("/api/v1/nodes", Map.of("watch", "true")), QUICK)) {
                        answer.readAllBytes();
                    }
                })
                .isInstanceOf(IOException.class);
    }

    private static KubernetesClient client(ServerSocket socket) {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + socket.getLocalPort())
                .build();
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientFactory(new HttpThreads())
                .build();
    }

    // each connection is answered with a piece every other millisecond, for as long as it lasts
    private void answerSlowly(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread thread = new Thread(() -> drip(socket));
                thread.setDaemon(true);
                thread.start();
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void drip(Socket socket) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                sent.add(line.replaceFirst(":.*", ""));
            }
            OutputStream out = socket.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] piece = "9\r\n{'a':'b'}\r\n".getBytes(StandardCharsets.US_ASCII);
            while (true) {
                out.write(piece);
                out.flush();
                LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
            }
        } catch (IOException gone) {
            return;
        }
    }
}
