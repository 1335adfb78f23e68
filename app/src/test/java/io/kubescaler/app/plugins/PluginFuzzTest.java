package io.kubescaler.app.plugins;

import io.kubescaler.testing.FuzzSeeds;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PluginFuzzTest {
    @Test
    void neitherBreaksNorHangs() throws IOException {
        new FuzzSeeds(1).feed(Path.of("src", "test", "fuzz", "plugin"), 30, PluginFuzz::fuzzerTestOneInput);
    }
}
