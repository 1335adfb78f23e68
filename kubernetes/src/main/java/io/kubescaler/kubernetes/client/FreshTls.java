package io.kubescaler.kubernetes.client;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.StandardHttpClientBuilder;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Makes HTTP clients that show and trust what the credentials are now: before each request they are looked at, and when
 * the certificates have changed every connection is closed, since an API server takes each request on a connection for that
 * of the certificate which opened it. What was under way then fails as when a network breaks. Thread-safe.
 */
final class FreshTls implements HttpClient.Factory {
    private final Supplier<Credentials> credentials;
    private final HttpThreads http;
    private final List<SSLContext> contexts = new CopyOnWriteArrayList<>();
    private TlsMaterial used;

    /** @param credentials the credentials as they are now */
    FreshTls(Supplier<Credentials> credentials) {
        this.credentials = credentials;
        this.used = credentials.get().tls();
        this.http = new HttpThreads(this::look);
    }

    @Override
    public HttpClient.Builder newBuilder() {
        return http.newBuilder();
    }

    @Override
    public HttpClient.Builder newBuilder(Config config) {
        HttpClient.Builder builder = http.newBuilder(config);
        // without authorities of its own a client trusts what Java does
        if (material().trust().isPresent()) {
            builder.sslContext(new KeyManager[] {new Keys()}, new TrustManager[] {new Trust()});
        }
        if (builder instanceof StandardHttpClientBuilder<?, ?, ?> standard && standard.getSslContext() != null) {
            contexts.add(standard.getSslContext());
        }
        return builder;
    }

    private TlsMaterial material() {
        return credentials.get().tls();
    }

    private synchronized void look() {
        TlsMaterial present = material();
        if (!present.isAsGoodAs(used)) {
            used = present;
            // a session that is taken up again would be that of the old certificate
            contexts.forEach(context -> forget(context.getClientSessionContext()));
            http.closeConnections();
        }
    }

    private static void forget(SSLSessionContext sessions) {
        for (byte[] id : new ArrayList<>(Collections.list(sessions.getIds()))) {
            Optional.ofNullable(sessions.getSession(id)).ifPresent(SSLSession::invalidate);
        }
    }

    /** Trusts whom the credentials trust now. */
    private final class Trust implements X509TrustManager {
        private X509TrustManager present() {
            return material().trust().orElseThrow();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            present().checkClientTrusted(chain, type);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            present().checkServerTrusted(chain, type);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return present().getAcceptedIssuers();
        }
    }

    /** Shows the certificate that the credentials have now, if any. */
    private final class Keys implements X509KeyManager {
        private <T> @Nullable T present(Function<X509KeyManager, @Nullable T> question) {
            X509KeyManager manager = material().key().orElse(null);
            return manager == null ? null : question.apply(manager);
        }

        @Override
        public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
            return present(manager -> manager.getClientAliases(type, issuers));
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return present(manager -> manager.chooseClientAlias(types, issuers, socket));
        }

        @Override
        public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseServerAlias(
                String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            return present(manager -> manager.getCertificateChain(alias));
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            return present(manager -> manager.getPrivateKey(alias));
        }
    }
}
