package io.kubescaler.app.plugins;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A plug-in jar of any bytes is left out in words. The first byte chooses what the rest is: {@code s} the service file,
 * {@code m} the manifest, anything else the jar itself.
 */
public final class PluginFuzz {
    private static final String SERVICE = "META-INF/services/io.kubescaler.provider.NodePoolProviderFactory";

    private PluginFuzz() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        if (input.length == 0) {
            return;
        }
        Path folder = Files.createTempDirectory("plugins");
        Path jar = folder.resolve("fuzz.jar");
        try {
            Files.write(jar, jar(input));
            try (ProviderCatalog catalog = ProviderCatalog.open(Optional.of(folder))) {
                if (catalog.problems().size() != 1
                        || catalog.find("digitalocean").isEmpty()) {
                    throw new AssertionError("not left out, or not alone: " + catalog.problems());
                }
            }
        } finally {
            Files.deleteIfExists(jar);
            Files.delete(folder);
        }
    }

    private static byte[] jar(byte[] input) throws IOException {
        byte[] body = new byte[input.length - 1];
        System.arraycopy(input, 1, body, 0, body.length);
        if (input[0] != 's' && input[0] != 'm') {
            return body;
        }
        boolean service = input[0] == 's';
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
            zip.write(service ? "Manifest-Version: 1.0\r\n\r\n".getBytes(StandardCharsets.UTF_8) : body);
            zip.putNextEntry(new ZipEntry(SERVICE));
            zip.write(service ? body : "no.such.Factory\n".getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
