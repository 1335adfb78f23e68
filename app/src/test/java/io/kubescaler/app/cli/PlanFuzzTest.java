package io.kubescaler.app.cli;

import io.kubescaler.testing.FuzzSeeds;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PlanFuzzTest {
    @Test
    void neitherBreaksNorHangs() throws IOException {
        new FuzzSeeds(1).feed(Path.of("src", "test", "fuzz", "plan"), 30, PlanFuzz::fuzzerTestOneInput);
    }
}
