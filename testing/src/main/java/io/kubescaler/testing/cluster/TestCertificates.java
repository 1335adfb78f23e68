package io.kubescaler.testing.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The certificates that kube-api-test makes once, for a year, and then uses whether they have expired or not. */
final class TestCertificates {
    private static final Duration STILL_NEEDED = Duration.ofHours(1);
    private static final List<String> FILES = List.of("apiserver.crt", "apiserver.key", "client.crt", "client.key");

    private TestCertificates() {}

    /** Removes them if they expire within the hour, so that they are made anew. */
    static void discardExpired(Path directory) throws IOException {
        Path certificate = directory.resolve("apiserver.crt");
        if (!Files.exists(certificate)
                || expires(certificate).isAfter(Instant.now().plus(STILL_NEEDED))) {
            return;
        }
        for (String file : FILES) {
            Files.deleteIfExists(directory.resolve(file));
        }
    }

    private static Instant expires(Path certificate) throws IOException {
        try (InputStream in = Files.newInputStream(certificate)) {
            X509Certificate read =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            return read.getNotAfter().toInstant();
        } catch (CertificateException e) {
            throw new IOException("not a certificate: " + certificate, e);
        }
    }
}
