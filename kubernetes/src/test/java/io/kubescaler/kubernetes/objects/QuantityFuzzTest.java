package io.kubescaler.kubernetes.objects;

import io.kubescaler.testing.FuzzSeeds;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class QuantityFuzzTest {
    @Test
    void neitherBreaksNorHangs() throws IOException {
        new FuzzSeeds(1).feed(Path.of("src", "test", "fuzz", "quantity"), 400, QuantityFuzz::fuzzerTestOneInput);
    }
}
