package io.kubescaler.digitalocean;

import io.kubescaler.testing.FuzzSeeds;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CloudFuzzTest {
    @Test
    void neitherBreaksNorHangs() throws IOException {
        new FuzzSeeds(1).feed(Path.of("src", "test", "fuzz", "cloud"), 10, CloudFuzz::fuzzerTestOneInput);
    }
}
