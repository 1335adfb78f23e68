package io.kubescaler.app.config;

import io.kubescaler.digitalocean.DigitalOceanProviderFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A configuration of any bytes is read or refused in words, and shows no secret either way. The first line chooses the
 * source: {@code file}, {@code set}, or the name of a variable.
 */
public final class ConfigFuzz {
    private static final String TOKEN = ConfigLoaderFixture.TOKEN;
    private static final ConfigLoader LOADER = new ConfigLoader(
            List.of(new FakeProviderFactory(), new DigitalOceanProviderFactory()),
            "kubescaler/fuzz",
            Clock.systemUTC());

    private ConfigFuzz() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        String text = new String(input, StandardCharsets.UTF_8);
        int end = text.indexOf('\n');
        if (end < 0) {
            return;
        }
        String source = text.substring(0, end);
        String value = text.substring(end + 1);
        if (source.equals("file")) {
            Path file = Files.createTempFile("kubescaler", ".conf");
            try {
                Files.write(file, value.getBytes(StandardCharsets.UTF_8));
                load(new Sources(Optional.of(file), ConfigLoaderFixture.ENOUGH, List.of()));
            } finally {
                Files.delete(file);
            }
        } else if (source.equals("set")) {
            load(new Sources(
                    Optional.empty(), ConfigLoaderFixture.ENOUGH, value.lines().toList()));
        } else if (!source.endsWith("_FILE") && !source.equals("KUBESCALER_CONFIG") && !source.endsWith("_TOKEN")) {
            Map<String, String> environment = new HashMap<>(ConfigLoaderFixture.ENOUGH);
            environment.put(source, value);
            load(new Sources(Optional.empty(), environment, List.of()));
        }
    }

    private static void load(Sources sources) {
        String shown;
        try {
            shown = LOADER.load(sources, Purpose.SCALE).values().toString();
        } catch (ConfigurationException refused) {
            if (refused.problems().isEmpty()) {
                throw new AssertionError("refused without a problem", refused);
            }
            shown = refused + " " + refused.problems();
        }
        if (shown.contains(TOKEN)) {
            throw new AssertionError("it shows the token: " + shown);
        }
    }
}
