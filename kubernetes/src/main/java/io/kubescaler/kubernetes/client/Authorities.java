package io.kubescaler.kubernetes.client;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.CertUtils;
import io.kubescaler.model.Count;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The certificate authorities that a kubeconfig or a service account names. They are all that is trusted, as in kubectl: what
 * Java trusts besides does not count. Immutable.
 */
record Authorities(List<Certificate> certificates) {
    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final String END = "-----END CERTIFICATE-----";

    Authorities {
        certificates = List.copyOf(certificates);
    }

    /** What is named holds no authorities, or not all of them. The message quotes nothing of it. */
    static final class Unusable extends IOException {
        private static final long serialVersionUID = 1L;

        Unusable(String message) {
            super(message);
        }
    }

    /** Returns whether a configuration names authorities, and nothing that overrules or adds to them. */
    static boolean named(Config config) {
        return !config.isTrustCerts()
                && config.getTrustStoreFile() == null
                && (isSet(config.getCaCertData()) || isSet(config.getCaCertFile()));
    }

    /**
     * Reads the authorities that a configuration names.
     *
     * @throws Unusable when there is none, or the text ends within one
     * @throws IOException when the file cannot be read
     */
    static Authorities of(Config config) throws IOException {
        boolean inline = isSet(config.getCaCertData());
        String source = inline
                ? "certificate-authority-data of the kubeconfig"
                : "the certificate authority file " + config.getCaCertFile();
        byte[] pem = CertUtils.getInputStreamFromDataOrFile(
                        inline ? config.getCaCertData() : null, config.getCaCertFile())
                .readAllBytes();
        String text = new String(pem, StandardCharsets.ISO_8859_1);
        long begins = count(text, BEGIN);
        long ends = count(text, END);
        // a file that is being written ends somewhere, and its first half may be good by itself
        if (begins != ends) {
            throw new Unusable("%s is not whole: %s a certificate and %s one; write it anew"
                    .formatted(
                            source,
                            Count.of(begins, "line begins", "lines begin"),
                            Count.of(ends, "line ends", "lines end")));
        }
        if (begins == 0) {
            throw new Unusable("%s holds no certificate; write that of the cluster into it".formatted(source));
        }
        List<Certificate> certificates = parsed(pem, source);
        if (certificates.size() < begins) {
            throw new Unusable("%s holds %s, and only %d can be read; write it anew"
                    .formatted(source, Count.of(begins, "certificate"), certificates.size()));
        }
        return new Authorities(certificates);
    }

    /** Returns what trusts these authorities and no other. */
    TrustManager[] trustManagers() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (int i = 0; i < certificates.size(); i++) {
            store.setCertificateEntry("authority-" + i, certificates.get(i));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static List<Certificate> parsed(byte[] pem, String source) throws Unusable {
        try {
            return List.copyOf(
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem)));
        } catch (GeneralSecurityException unreadable) {
            // without its words: they may quote the file
            throw new Unusable("%s holds something that is no certificate (%s)"
                    .formatted(source, unreadable.getClass().getSimpleName()));
        }
    }

    private static long count(String text, String line) {
        return text.lines().map(String::strip).filter(line::equals).count();
    }

    private static boolean isSet(@Nullable String text) {
        return text != null && !text.isEmpty();
    }
}
