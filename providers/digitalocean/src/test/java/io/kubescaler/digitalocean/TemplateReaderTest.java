package io.kubescaler.digitalocean;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.kubescaler.model.NodeTemplate;
import io.kubescaler.model.Resources;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TemplateReaderTest {
    private static Optional<NodeTemplate> parse(String allocatable) throws IOException {
        return TemplateReader.parse(new ObjectMapper().readTree("{\"allocatable\": %s}".formatted(allocatable)));
    }

    @Test
    void prefersMilliCoresToWholeCores() throws IOException {
        assertThat(parse("{\"cpu\": 4, \"cpu_milli_cores\": 3920, \"memory\": \"1Gi\"}")
                        .orElseThrow()
                        .allocatable()
                        .get(Resources.CPU))
                .isEqualTo(3920);
    }

    @Test
    void countsGpusByTheirVendor() throws IOException {
        String template =
                "{\"allocatable\": {\"cpu\": 8, \"memory\": \"1Gi\"}, \"gpu\": {\"vendor\": \"NVIDIA\", \"count\": 2}}";

        assertThat(TemplateReader.parse(new ObjectMapper().readTree(template))
                        .orElseThrow()
                        .allocatable()
                        .get("nvidia.com/gpu"))
                .isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "null",
                "[]",
                "{\"cpu\": 4}",
                "{\"memory\": \"1Gi\"}",
                "{\"cpu\": 0, \"memory\": \"1Gi\"}",
                "{\"cpu\": -1, \"memory\": \"1Gi\"}",
                "{\"cpu\": 4, \"memory\": \"lots\"}"
            })
    void knowsNothingFromATemplateThatTellsTooLittle(String allocatable) throws IOException {
        assertThat(parse(allocatable)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "1024,1024",
        "1k,1000",
        "1Ki,1024",
        "16Gi,17179869184",
        "1.5Gi,1610612736",
        "7842040Ki,8030248960",
        "2T,2000000000000",
        "1.0001k,1000"
    })
    void readsMemoryAsKubernetesWritesIt(String text, long bytes) {
        assertThat(MemoryQuantity.bytes(text)).contains(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Gi", "-1Gi", "1gi", "1 Gi", "1e3", "999999999999999999Pi", "0x10"})
    void readsNothingElse(String text) {
        assertThat(MemoryQuantity.bytes(text)).isEmpty();
    }
}
