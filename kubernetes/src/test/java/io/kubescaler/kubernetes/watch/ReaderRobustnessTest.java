package io.kubescaler.kubernetes.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.kubescaler.kubernetes.objects.Interner;
import io.kubescaler.kubernetes.objects.JsonText;
import io.kubescaler.kubernetes.objects.ListReader;
import io.kubescaler.kubernetes.objects.MalformedObjectException;
import io.kubescaler.kubernetes.objects.NodeReader;
import io.kubescaler.kubernetes.objects.ObjectReader;
import io.kubescaler.kubernetes.objects.Observed;
import io.kubescaler.kubernetes.objects.PodReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the JSON, a reader gives an object or a {@link MalformedObjectException}, and nothing else. */
class ReaderRobustnessTest {
    private static final List<String> NAMES = List.of(
            "metadata",
            "spec",
            "status",
            "name",
            "namespace",
            "uid",
            "labels",
            "annotations",
            "ownerReferences",
            "containers",
            "initContainers",
            "resources",
            "requests",
            "limits",
            "cpu",
            "memory",
            "conditions",
            "type",
            "status",
            "phase",
            "taints",
            "key",
            "allocatable",
            "overhead",
            "nodeName",
            "creationTimestamp",
            "items",
            "containerStatuses",
            "kind",
            "é\\n\\u0000",
            "controller",
            "unschedulable",
            "lastTransitionTime",
            "managedFields",
            "manager",
            "fieldsV1",
            "f:spec",
            "deletionTimestamp");
    private static final List<String> SCALARS = List.of(
            "null",
            "true",
            "false",
            "0",
            "-1",
            "1e400",
            "\"500m\"",
            "\"\"",
            "\"Running\"",
            "\"Failed\"",
            "\"Ready\"",
            "\"2026-01-01T00:00:00Z\"",
            "\"\\ud83d\"",
            "\"Pod\"",
            "1.5",
            "\"-1\"",
            "123456789012345678901234567890");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void givesAnObjectOrSaysWhatIsWrong(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 600; i++) {
            String json = object(random, 6);
            String text = random.nextInt(4) == 0 ? json.substring(0, random.nextInt(json.length())) : json;
            assertThatCode(() -> readAll(text)).as("seed %d: %s", seed, text).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void handsOverTheOthersWhateverOneObjectIs(long seed) throws IOException {
        Random random = new Random(seed);
        for (int i = 0; i < 600; i++) {
            String wrong = value(random, 6);
            String text =
                    "{\"items\":[{\"metadata\":{\"name\":\"a\"}},%s,{\"metadata\":{\"name\":\"b\"}}]}".formatted(wrong);
            for (ObjectReader<?> reader :
                    List.of(new PodReader(Set.of("app"), new Interner(5)), new NodeReader(new Interner(5)))) {
                if (!wrong.contains("\"kind\"")) {
                    assertThat(keys(reader, text)).as("seed %d: %s", seed, text).contains("a", "b");
                }
            }
        }
    }

    private static <T> List<String> keys(ObjectReader<T> reader, String text) throws IOException {
        List<String> keys = new ArrayList<>();
        new ListReader<>(reader).readList(JsonText.stream(text), new ListReader.Sink<>() {
            @Override
            public void accept(Observed<T> object) {
                keys.add(object.key());
            }

            @Override
            public void unreadable(MalformedObjectException object) {
                assertThat(object.getMessage()).contains("line");
            }
        });
        return keys;
    }

    private static void readAll(String text) throws IOException {
        for (ObjectReader<?> reader :
                List.of(new PodReader(Set.of("app"), new Interner(5)), new NodeReader(new Interner(5)))) {
            try {
                assertThat(new ListReader<>(reader)
                                .readObject(JsonText.stream(text))
                                .key())
                        .isNotEmpty();
            } catch (MalformedObjectException malformed) {
                assertThat(malformed.getMessage()).contains("line");
            }
            try {
                new ListReader<>(reader)
                        .readList(
                                JsonText.stream(text),
                                object -> assertThat(object.key()).isNotEmpty());
            } catch (MalformedObjectException malformed) {
                assertThat(malformed.getMessage()).contains("line");
            }
        }
    }

    private static String value(Random random, int depth) {
        int kind = depth <= 0 ? 2 : random.nextInt(4);
        if (kind == 0) {
            return object(random, depth - 1);
        }
        if (kind == 1) {
            return IntStream.range(0, random.nextInt(3))
                    .mapToObj(i -> value(random, depth - 1))
                    .collect(Collectors.joining(",", "[", "]"));
        }
        return SCALARS.get(random.nextInt(SCALARS.size()));
    }

    private static String object(Random random, int depth) {
        return IntStream.range(0, random.nextInt(6))
                .mapToObj(i -> "\"" + NAMES.get(random.nextInt(NAMES.size())) + "\":" + value(random, depth - 1))
                .collect(Collectors.joining(",", "{", "}"));
    }
}
