package io.kubescaler.testing.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * The changes of Node objects that the API server was asked for, from its audit log: who asked for them, and when.
 * Thread-safe.
 */
public final class NodeWrites {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String POLICY = """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            omitStages: [RequestReceived]
            rules:
            - level: Metadata
              verbs: [create, update, patch, delete]
              resources: [{group: "", resources: [nodes]}]
            - level: None
            """;

    private final Path log;

    /**
     * A change that was asked for.
     *
     * @param at when the API server received it
     * @param user who asked, such as {@code system:serviceaccount:NAMESPACE:NAME}
     * @param verb {@code create}, {@code update}, {@code patch} or {@code delete}
     * @param node the name of the node
     * @param status HTTP status of the answer
     */
    public record NodeWrite(Instant at, String user, String verb, String node, int status) {}

    NodeWrites(Path directory) {
        log = log(directory);
    }

    /** Returns the flags by which an API server records them in a folder, which is emptied of older records. */
    static List<String> recordedIn(Path directory) {
        try {
            Files.createDirectories(directory);
            Files.deleteIfExists(log(directory));
            Path policy = Files.writeString(directory.resolve("audit-policy.yaml"), POLICY);
            return List.of("--audit-policy-file=" + policy, "--audit-log-path=" + log(directory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path log(Path directory) {
        return directory.resolve("audit.log");
    }

    /** Returns those of a user, in the order in which they were answered. */
    public List<NodeWrite> of(String user) {
        try (var lines = Files.lines(log)) {
            return lines.map(NodeWrites::write)
                    .filter(write -> write.user().equals(user))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static NodeWrite write(String line) {
        try {
            JsonNode event = JSON.readTree(line);
            return new NodeWrite(
                    Instant.parse(event.path("requestReceivedTimestamp").asText()),
                    event.path("user").path("username").asText(),
                    event.path("verb").asText(),
                    event.path("objectRef").path("name").asText(),
                    event.path("responseStatus").path("code").asInt());
        } catch (IOException e) {
            throw new UncheckedIOException("not a line of an audit log: " + line, e);
        }
    }
}
