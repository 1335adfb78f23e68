package io.kubescaler.app.deploy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The manifests of {@code deploy/kubernetes}, as objects. */
final class Manifests {
    static final Path FOLDER =
            Path.of("..", "deploy", "kubernetes").toAbsolutePath().normalize();

    private Manifests() {}

    /** Reads one file of them. */
    static List<HasMetadata> read(KubernetesClient client, String file) {
        try (InputStream text = Files.newInputStream(FOLDER.resolve(file))) {
            return client.load(text).items();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Makes the namespace, the service account and its permissions. */
    static void applyPermissions(KubernetesClient admin) {
        for (String file : List.of("namespace.yaml", "service-account.yaml", "rbac.yaml")) {
            read(admin, file).forEach(object -> admin.resource(object).createOr(existing -> existing.update()));
        }
    }

    /** Takes the permissions away: those in {@code default} outlive the clean-up after a test. */
    static void removePermissions(KubernetesClient admin) {
        read(admin, "rbac.yaml").forEach(object -> admin.resource(object).delete());
    }

    /** Returns the rules of a role of either kind; empty for anything else. */
    static Optional<List<PolicyRule>> rules(HasMetadata object) {
        if (object instanceof ClusterRole role) {
            return Optional.of(role.getRules());
        }
        return object instanceof Role role ? Optional.of(role.getRules()) : Optional.empty();
    }

    /** Returns every single permission in a role, such as {@code ClusterRole kubescaler: patch nodes}. */
    static List<String> permissions(HasMetadata role) {
        List<String> permissions = new ArrayList<>();
        for (PolicyRule rule : rules(role).orElse(List.of())) {
            for (String resource : rule.getResources()) {
                rule.getVerbs().forEach(verb -> permissions.add(permission(role, verb, resource)));
            }
        }
        return permissions;
    }

    /** Takes one permission out of a role. */
    static void remove(HasMetadata role, String permission) {
        List<PolicyRule> rules = rules(role).orElseThrow();
        for (PolicyRule rule : rules) {
            for (String resource : rule.getResources()) {
                List<String> verbs = new ArrayList<>(rule.getVerbs());
                verbs.removeIf(verb -> permission(role, verb, resource).equals(permission));
                rule.setVerbs(verbs);
            }
        }
        rules.removeIf(rule -> rule.getVerbs().isEmpty());
    }

    private static String permission(HasMetadata role, String verb, String resource) {
        return "%s %s: %s %s".formatted(role.getKind(), role.getMetadata().getName(), verb, resource);
    }
}
