package io.kubescaler.kubernetes.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client and a TLS server whose authority, client certificate and token are replaced while both run. */
class RotationTest {
    private static final char[] PASSWORD = "loopback".toCharArray();

    @TempDir
    static Path certificates;

    @TempDir
    Path folder;

    private final AtomicLong nanos = new AtomicLong();
    private HttpsServer server;
    private KubernetesClient client;

    @BeforeAll
    static void makeCertificates() throws Exception {
        for (String name : List.of("server-1", "server-2", "client-1", "client-2")) {
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            "it",
                            "-keyalg",
                            "RSA",
                            "-dname",
                            "CN=" + name,
                            "-ext",
                            "san=ip:127.0.0.1",
                            "-keystore",
                            certificates.resolve(name).toString(),
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            new String(PASSWORD))
                    .inheritIO()
                    .start();
            assertThat(keytool.waitFor()).isZero();
        }
    }

    @BeforeEach
    void connect() throws Exception {
        serveAs("server-1", 0);
        trust("server-1");
        show("client-1", "client-1");
        Files.writeString(folder.resolve("token"), "token-1");
        Path kubeconfig = Files.writeString(
                folder.resolve("kubeconfig"), """
                {"apiVersion": "v1", "kind": "Config", "current-context": "it",
                 "clusters": [{"name": "it", "cluster":
                   {"server": "https://127.0.0.1:%d", "certificate-authority": "ca.crt"}}],
                 "users": [{"name": "it", "user":
                   {"client-certificate": "client.crt", "client-key": "client.key", "tokenFile": "token"}}],
                 "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}]}
                """.formatted(server.getAddress().getPort()));
        client = new ClientFactory(
                        new KubernetesSettings(Optional.empty(), Optional.of(kubeconfig), Optional.empty()),
                        Map.of(),
                        Optional.empty(),
                        folder,
                        nanos::get)
                .create();
        assertThat(ask()).isEqualTo("CN=client-1 Bearer token-1");
    }

    @AfterEach
    void close() {
        client.close();
        server.stop(0);
    }

    @Test
    void showsANewClientCertificateAndANewToken() throws Exception {
        show("client-2", "client-2");
        Files.writeString(folder.resolve("token"), "token-2");
        assertThat(ask()).as("within a minute").isEqualTo("CN=client-1 Bearer token-1");
        passAMinute();

        assertThat(ask()).isEqualTo("CN=client-2 Bearer token-2");
    }

    @Test
    void trustsANewAuthority() throws Exception {
        int port = server.getAddress().getPort();
        server.stop(0);
        serveAs("server-2", port);
        trust("server-2");
        passAMinute();

        assertThat(ask()).isEqualTo("CN=client-1 Bearer token-1");
    }

    @Test
    void keepsTheLastGoodOnesWhileFilesAreGoneEmptyOrDoNotFit() throws Exception {
        Files.writeString(folder.resolve("ca.crt"), "");
        passAMinute();
        assertThat(ask()).isEqualTo("CN=client-1 Bearer token-1");

        trust("server-1");
        show("client-2", "client-1");
        passAMinute();
        assertThat(ask()).as("the new certificate with the old key").isEqualTo("CN=client-1 Bearer token-1");

        Files.delete(folder.resolve("token"));
        passAMinute();
        assertThat(ask()).isEqualTo("CN=client-1 Bearer token-1");

        Files.writeString(folder.resolve("token"), "token-3");
        show("client-2", "client-2");
        passAMinute();
        assertThat(ask()).isEqualTo("CN=client-2 Bearer token-3");
    }

    @Test
    void keepsTheAuthorityWhileItsFileIsHalfWrittenOrHoldsNone() throws Exception {
        Path file = folder.resolve("ca.crt");
        trust("server-1");
        String ours = Files.readString(file);
        trust("server-2");
        String both = Files.readString(file) + ours;

        Files.writeString(file, both.substring(0, both.length() - ours.length() / 2));
        passAMinute();
        assertThat(ask()).as("half of the second").isEqualTo("CN=client-1 Bearer token-1");

        Files.writeString(file, "# no certificate\n");
        passAMinute();
        assertThat(ask()).as("none").isEqualTo("CN=client-1 Bearer token-1");

        Files.writeString(file, both);
        show("client-2", "client-2");
        passAMinute();
        assertThat(ask()).as("both").isEqualTo("CN=client-2 Bearer token-1");
    }

    private void passAMinute() {
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    }

    /** Returns whom the server saw and what it was told. */
    private String ask() {
        return client.raw("/who");
    }

    private void trust(String server) throws Exception {
        pem("CERTIFICATE", store(server).getCertificate("it").getEncoded(), "ca.crt");
    }

    private void show(String certificate, String key) throws Exception {
        pem("CERTIFICATE", store(certificate).getCertificate("it").getEncoded(), "client.crt");
        pem("PRIVATE KEY", store(key).getKey("it", PASSWORD).getEncoded(), "client.key");
    }

    private void pem(String type, byte[] encoded, String file) throws IOException {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        Files.writeString(
                folder.resolve(file), "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(type, lines, type));
    }

    private static KeyStore store(String name) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(certificates.resolve(name))) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    private void serveAs(String name, int port) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store(name), PASSWORD);
        KeyStore known = KeyStore.getInstance("PKCS12");
        known.load(null, null);
        for (String one : List.of("client-1", "client-2")) {
            known.setCertificateEntry(one, store(one).getCertificate("it"));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(known);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters ssl = context.getDefaultSSLParameters();
                ssl.setNeedClientAuth(true);
                parameters.setSSLParameters(ssl);
            }
        });
        server.createContext("/", RotationTest::answer);
        server.start();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String text = ((HttpsExchange) exchange)
                            .getSSLSession()
                            .getPeerPrincipal()
                            .getName()
                    + " "
                    + exchange.getRequestHeaders().getFirst("Authorization");
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
