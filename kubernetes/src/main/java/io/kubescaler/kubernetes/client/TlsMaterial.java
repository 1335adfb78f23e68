package io.kubescaler.kubernetes.client;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;

/**
 * The authorities that a client trusts and the certificate that it shows. Immutable and thread-safe.
 *
 * @param trust what judges the API server's certificate; empty for what Java trusts
 * @param key the client's certificate and key; empty when it shows none
 */
record TlsMaterial(Optional<X509TrustManager> trust, Optional<X509KeyManager> key) {

    /**
     * Reads what a configuration names.
     *
     * @throws IOException when a certificate or a key cannot be used
     */
    static TlsMaterial of(Config config) throws IOException {
        try {
            TrustManager[] trust =
                    Authorities.named(config) ? Authorities.of(config).trustManagers() : SSLUtils.trustManagers(config);
            KeyManager[] keys = SSLUtils.keyManagers(config);
            TlsMaterial read = new TlsMaterial(first(trust, X509TrustManager.class), first(keys, X509KeyManager.class));
            read.checkThatKeyAndCertificateFit();
            return read;
        } catch (Authorities.Unusable told) {
            throw told;
        } catch (GeneralSecurityException | IOException | RuntimeException failure) {
            // without its words outside the first start: they may quote a file
            throw new IOException(
                    "a certificate or key cannot be used (%s)"
                            .formatted(failure.getClass().getSimpleName()),
                    failure);
        }
    }

    private static <T> Optional<T> first(Object[] managers, Class<T> type) {
        return managers == null
                ? Optional.empty()
                : Arrays.stream(managers)
                        .filter(type::isInstance)
                        .map(type::cast)
                        .findFirst();
    }

    /** Returns whether connections that were made with the other are as good as with this. */
    boolean isAsGoodAs(TlsMaterial other) {
        return issuers().equals(other.issuers()) && chain().equals(other.chain());
    }

    private Set<X509Certificate> issuers() {
        return trust.map(manager -> Set.of(manager.getAcceptedIssuers())).orElse(Set.of());
    }

    private List<X509Certificate> chain() {
        return key.flatMap(manager -> alias(manager).map(manager::getCertificateChain))
                .map(List::of)
                .orElse(List.of());
    }

    private static Optional<String> alias(X509KeyManager manager) {
        for (String type : List.of("RSA", "EC", "EdDSA", "Ed25519", "DSA")) {
            String[] aliases = manager.getClientAliases(type, null);
            if (aliases != null && aliases.length > 0) {
                return Optional.of(aliases[0]);
            }
        }
        return Optional.empty();
    }

    // one file may have been replaced already and the other not
    private void checkThatKeyAndCertificateFit() throws GeneralSecurityException {
        Optional<String> alias = key.flatMap(TlsMaterial::alias);
        if (key.isEmpty() || alias.isEmpty()) {
            return;
        }
        PrivateKey secret = key.get().getPrivateKey(alias.get());
        Signature signature = Signature.getInstance(
                switch (secret.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> secret.getAlgorithm();
                });
        signature.initSign(secret);
        signature.update((byte) 1);
        byte[] signed = signature.sign();
        signature.initVerify(chain().get(0));
        signature.update((byte) 1);
        if (!signature.verify(signed)) {
            throw new GeneralSecurityException("the client's key is not that of its certificate");
        }
    }
}
