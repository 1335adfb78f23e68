package io.kubescaler.kubernetes.watch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kubescaler.kubernetes.client.ApiException;
import io.kubescaler.kubernetes.client.RetryAfter;
import io.kubescaler.kubernetes.objects.Interner;
import io.kubescaler.kubernetes.objects.ListReader;
import io.kubescaler.kubernetes.objects.MalformedObjectException;
import io.kubescaler.kubernetes.objects.NodeReader;
import io.kubescaler.kubernetes.objects.Observed;
import io.kubescaler.kubernetes.objects.PodReader;
import io.kubescaler.kubernetes.objects.Quantity;
import io.kubescaler.model.Pod;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What an API server answers, of any bytes, ends in objects or in a word about what is wrong: a watch, a list, one
 * object, an error, the header that asks to wait. The first byte chooses which. A pod reads as its plain JSON says.
 */
public final class ObjectsFuzz {
    private static final ObjectMapper JSON = new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private ObjectsFuzz() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        if (input.length == 0) {
            return;
        }
        byte[] body = new byte[input.length - 1];
        System.arraycopy(input, 1, body, 0, body.length);
        switch (input[0]) {
            case 'w' -> refusedOrRead(() -> new WatchReader<>(pods()).read(stream(body), new Ignored<>()));
            case 'W' -> refusedOrRead(() -> new WatchReader<>(nodes()).read(stream(body), new Ignored<>()));
            case 'l' -> refusedOrRead(() -> new ListReader<>(pods()).readList(stream(body), object -> {}));
            case 'n' -> refusedOrRead(() -> new ListReader<>(nodes()).readObject(stream(body)));
            case 'r' -> RetryAfter.read(List.of(new String(body, StandardCharsets.ISO_8859_1)), Clock.systemUTC());
            default -> pod(body);
        }
    }

    private static void pod(byte[] body) throws IOException {
        List<Observed<Pod>> read = new ArrayList<>();
        refusedOrRead(() -> read.add(new ListReader<>(pods()).readObject(stream(body))));
        if (read.isEmpty()) {
            return;
        }
        JsonNode json;
        try {
            json = JSON.readTree(body);
        } catch (IOException twice) {
            // a name that stands twice has no meaning to agree on
            return;
        }
        Observed<Pod> pod = read.get(0);
        boolean ended =
                Set.of("Succeeded", "Failed").contains(json.at("/status/phase").asText());
        same(body, ended, pod.value().isEmpty());
        // of one that cannot be read in part, nothing more is promised
        pod.value().filter(live -> live.unreadable().isEmpty()).ifPresent(live -> {
            same(body, json.at("/metadata/name").asText(), live.name());
            same(
                    body,
                    Optional.of(json.at("/spec/nodeName"))
                            .filter(it -> !it.isNull() && !it.asText().isEmpty())
                            .map(JsonNode::asText),
                    live.nodeName());
            same(
                    body,
                    json.at("/metadata/deletionTimestamp").isValueNode()
                            && !json.at("/metadata/deletionTimestamp").isNull(),
                    live.terminating());
            JsonNode label = json.at("/metadata/labels/app");
            same(
                    body,
                    label.isValueNode() && !label.isNull() ? label.asText() : "none",
                    live.labels().getOrDefault("app", "none"));
            requests(body, json, live);
        });
    }

    // the plainest of pods: containers with requests alone
    private static void requests(byte[] body, JsonNode json, Pod pod) {
        JsonNode spec = json.path("spec");
        if (spec.has("initContainers")
                || spec.has("resources")
                || spec.has("overhead")
                || json.path("status").size() > 1) {
            return;
        }
        long sum = 0;
        for (JsonNode container : spec.path("containers")) {
            JsonNode resources = container.path("resources");
            if (resources.path("limits").size() > 0) {
                return;
            }
            JsonNode cpu = resources.path("requests").path("cpu");
            if (cpu.isTextual()) {
                sum += Quantity.millis(cpu.asText());
                sum = sum < 0 ? Long.MAX_VALUE : sum;
            } else if (!cpu.isMissingNode() && !cpu.isNull()) {
                return;
            }
        }
        same(body, sum, pod.requests().get("cpu"));
    }

    private static void same(byte[] body, Object theirs, Object ours) {
        if (!theirs.equals(ours)) {
            throw new AssertionError(
                    "%s here and %s in the JSON: %s".formatted(ours, theirs, new String(body, StandardCharsets.UTF_8)));
        }
    }

    @FunctionalInterface
    private interface Reading {
        void read() throws IOException;
    }

    private static void refusedOrRead(Reading reading) throws IOException {
        try {
            reading.read();
        } catch (MalformedObjectException | ApiException said) {
            if (said.getMessage() == null) {
                throw new AssertionError("refused without a word", said);
            }
        } catch (IOException broken) {
            if (!"the watch broke off within an event".equals(broken.getMessage())) {
                throw broken;
            }
        }
    }

    private static PodReader pods() {
        return new PodReader(Set.of("app"), new Interner(5));
    }

    private static NodeReader nodes() {
        return new NodeReader(new Interner(5));
    }

    private static InputStream stream(byte[] body) {
        return new ByteArrayInputStream(body);
    }

    private static final class Ignored<T> implements WatchReader.Sink<T> {
        @Override
        public void heard() {
            // nobody asks when
        }

        @Override
        public void upsert(Observed<T> object) {}

        @Override
        public void delete(Observed<T> object) {}

        @Override
        public void unreadable(MalformedObjectException object) {}

        @Override
        public void reached(String resourceVersion) {}
    }
}
