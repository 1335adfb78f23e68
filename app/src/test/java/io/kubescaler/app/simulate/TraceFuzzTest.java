package io.kubescaler.app.simulate;

import io.kubescaler.testing.FuzzSeeds;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TraceFuzzTest {
    @Test
    void neitherBreaksNorHangs() throws IOException {
        new FuzzSeeds(1).feed(Path.of("src", "test", "fuzz", "trace"), 100, TraceFuzz::fuzzerTestOneInput);
    }
}
