package io.kubescaler.app.config;

import io.kubescaler.testing.FuzzSeeds;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigFuzzTest {
    @Test
    void neitherBreaksNorHangs() throws IOException {
        new FuzzSeeds(1).feed(Path.of("src", "test", "fuzz", "config"), 30, ConfigFuzz::fuzzerTestOneInput);
    }
}
