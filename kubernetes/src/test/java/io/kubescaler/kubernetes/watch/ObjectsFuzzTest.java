package io.kubescaler.kubernetes.watch;

import io.kubescaler.testing.FuzzSeeds;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ObjectsFuzzTest {
    @Test
    void neitherBreaksNorHangs() throws IOException {
        new FuzzSeeds(1).feed(Path.of("src", "test", "fuzz", "objects"), 300, ObjectsFuzz::fuzzerTestOneInput);
    }
}
