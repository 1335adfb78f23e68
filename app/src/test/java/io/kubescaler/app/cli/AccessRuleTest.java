package io.kubescaler.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.kubescaler.kubernetes.lease.LeaseReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What {@code check} asks for is what {@code deploy/kubernetes} grants, and that is what the scaler needs. */
class AccessRuleTest {
    private static final Path RBAC = Path.of("..", "deploy", "kubernetes", "rbac.yaml");

    private final List<Grant> grants = grants();

    /** One permission of a role, for one name or for any. */
    private record Grant(
            String group, String resource, String verb, Optional<String> namespace, Optional<String> name) {
        /** As the API server decides: a grant for a name answers for that name alone. */
        boolean allows(AccessRule rule) {
            return group.equals(rule.group())
                    && resource.equals(rule.resource())
                    && verb.equals(rule.verb())
                    && (namespace.isEmpty() || namespace.equals(rule.namespace()))
                    && (name.isEmpty() || name.equals(rule.name()));
        }
    }

    @Test
    void areAllGrantedByTheShippedRoles() {
        assertThat(shipped())
                .allSatisfy(rule -> assertThat(grants).as(rule.text()).anyMatch(grant -> grant.allows(rule)));
    }

    @Test
    void askForEveryPermissionOfTheShippedRoles() {
        assertThat(grants)
                .allSatisfy(grant -> assertThat(shipped()).as(grant.toString()).anyMatch(grant::allows));
    }

    @Test
    void nameTheLeaseAsTheElectionDoes() {
        assertThat(shipped())
                .extracting(AccessRule::text)
                .contains(
                        "get leases.coordination.k8s.io/kubescaler in the namespace kubescaler",
                        "create leases.coordination.k8s.io in the namespace kubescaler",
                        "update leases.coordination.k8s.io/kubescaler in the namespace kubescaler");
    }

    @Test
    void changeNoNodeInADryRun() {
        assertThat(AccessRule.all(Optional.empty(), Optional.empty(), true))
                .extracting(AccessRule::text)
                .contains("list nodes")
                .doesNotContain("patch nodes");
    }

    private static List<AccessRule> shipped() {
        return AccessRule.all(
                Optional.of(new LeaseReference("kubescaler", "kubescaler")), Optional.of("kubescaler"), false);
    }

    private static List<Grant> grants() {
        List<Grant> grants = new ArrayList<>();
        for (HasMetadata object : objects()) {
            if (object instanceof ClusterRole role) {
                role.getRules().forEach(rule -> add(grants, Optional.empty(), rule));
            } else if (object instanceof Role role) {
                role.getRules()
                        .forEach(rule ->
                                add(grants, Optional.of(role.getMetadata().getNamespace()), rule));
            }
        }
        return grants;
    }

    private static void add(List<Grant> grants, Optional<String> namespace, PolicyRule rule) {
        for (String group : rule.getApiGroups()) {
            for (String resource : rule.getResources()) {
                for (String verb : rule.getVerbs()) {
                    if (rule.getResourceNames().isEmpty()) {
                        grants.add(new Grant(group, resource, verb, namespace, Optional.empty()));
                    }
                    rule.getResourceNames()
                            .forEach(
                                    name -> grants.add(new Grant(group, resource, verb, namespace, Optional.of(name))));
                }
            }
        }
    }

    private static List<HasMetadata> objects() {
        try {
            return new KubernetesSerialization().<List<HasMetadata>>unmarshal(Files.readString(RBAC));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
