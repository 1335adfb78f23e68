package io.kubescaler.digitalocean;

import com.fasterxml.jackson.databind.JsonNode;
import io.kubescaler.model.NodeTemplate;
import io.kubescaler.model.Resources;
import io.kubescaler.model.Taint;
import io.kubescaler.provider.ProviderException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Tells what a new node of the pool will be, from an endpoint that is not in the published description of the API; the
 * vendor's own Go client has it (godo, {@code GetNodePoolTemplate}). Where it does not answer, nothing is known. Asked
 * once in 10 minutes. Used by one thread at a time.
 */
final class TemplateReader {
    private static final Duration FRESH_FOR = Duration.ofMinutes(10);

    private final ApiClient api;
    private final Remembered<NodeTemplate> remembered;

    TemplateReader(ApiClient api, LongSupplier nanoTime) {
        this.api = api;
        this.remembered = new Remembered<>("what a new node will be", FRESH_FOR, nanoTime);
    }

    /**
     * Returns what a new node of the pool will be; empty when the cloud does not tell.
     *
     * @throws ProviderException.Transient when the thread is interrupted meanwhile
     */
    Optional<NodeTemplate> read(Pool pool, Deadline deadline) throws ProviderException.Transient {
        return remembered
                .get(left -> parse(api.template(pool.ids().clusterId(), pool.name(), left)), deadline)
                // the pool tells its taints by itself, and newer than what is remembered
                .map(template -> new NodeTemplate(
                        template.allocatable(), template.labels(), Optional.of(taints(pool.taints()))));
    }

    /** Reads a template; empty when it does not tell CPU and memory, without which it says too little. */
    static Optional<NodeTemplate> parse(JsonNode template) {
        JsonNode allocatable = template.path("allocatable");
        long cpu = milliCores(allocatable);
        Optional<Long> memory = MemoryQuantity.bytes(Fields.text(allocatable, "memory"));
        if (cpu <= 0 || memory.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Long> amounts = new HashMap<>();
        amounts.put(Resources.CPU, cpu);
        amounts.put(Resources.MEMORY, memory.get());
        amounts.put(Resources.PODS, Math.max(0, allocatable.path("pods").asLong(0)));
        JsonNode gpu = template.path("gpu");
        gpuResource(Fields.text(gpu, "vendor"))
                .ifPresent(
                        name -> amounts.put(name, Math.max(0, gpu.path("count").asLong(0))));
        return Optional.of(new NodeTemplate(Resources.of(amounts), labels(template.path("labels"))));
    }

    private static long milliCores(JsonNode allocatable) {
        // newer answers have both, and whole cores are rounded
        long milliCores = allocatable.path("cpu_milli_cores").asLong(0);
        return milliCores > 0 ? milliCores : allocatable.path("cpu").asLong(0) * 1000;
    }

    private static Optional<String> gpuResource(String vendor) {
        return switch (vendor.toLowerCase(Locale.ROOT)) {
            case "nvidia" -> Optional.of("nvidia.com/gpu");
            case "amd" -> Optional.of("amd.com/gpu");
            default -> Optional.empty();
        };
    }

    static Set<Taint> taints(JsonNode taints) {
        Set<Taint> read = new HashSet<>();
        taints.forEach(taint -> read.add(
                new Taint(Fields.text(taint, "key"), Fields.text(taint, "value"), Fields.text(taint, "effect"))));
        return read;
    }

    private static Map<String, String> labels(JsonNode labels) {
        Map<String, String> read = new HashMap<>();
        labels.properties()
                .forEach(label -> read.put(label.getKey(), label.getValue().asText()));
        return read;
    }
}
