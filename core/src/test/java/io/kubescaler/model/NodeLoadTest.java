package io.kubescaler.model;

import static io.kubescaler.testing.PoolBuilder.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class NodeLoadTest {
    private static final LabelSelector OTHER_POOL = LabelSelector.parse("game=chess");

    private static Pod pod(
            String name, Map<String, String> labels, Pod.Owner owner, boolean terminating, String guard) {
        return new Pod(
                "default",
                name,
                "uid-" + name,
                Optional.of("node"),
                labels,
                Pod.Waiting.NONE,
                Resources.of(Map.of("cpu", 100L, "pods", 1L)),
                owner,
                terminating,
                Optional.of(guard).filter(it -> !it.isEmpty()),
                Optional.empty());
    }

    @Test
    void isEmptyWithoutPods() {
        assertThat(NodeLoad.of(List.of(), PodSelectors.ofServers(SERVER))).isEqualTo(NodeLoad.EMPTY);
    }

    @Test
    void countsServersOfEveryPoolAndThoseThatAreEnding() {
        NodeLoad load = NodeLoad.of(
                List.of(
                        pod("mine", Map.of("app", "server"), Pod.Owner.OTHER, false, ""),
                        pod("ending", Map.of("app", "server"), Pod.Owner.OTHER, true, ""),
                        pod("theirs", Map.of("game", "chess"), Pod.Owner.OTHER, false, ""),
                        pod("both", Map.of("game", "chess", "app", "server"), Pod.Owner.OTHER, false, ""),
                        pod("none", Map.of("game", "go"), Pod.Owner.OTHER, false, "")),
                PodSelectors.ofServers(SERVER, OTHER_POOL));
        assertThat(load.servers()).isEqualTo(4);
        assertThat(load.used()).isEqualTo(Resources.of(Map.of("cpu", 500L, "pods", 5L)));
        assertThat(load.daemons()).isEqualTo(Resources.NONE);
    }

    @Test
    void namesTheFirstProtectedPodAndWhatProtectsIt() {
        List<Pod> pods = List.of(
                pod("b", Map.of("tier", "lobby", "app", "proxy"), Pod.Owner.OTHER, true, ""),
                pod("c", Map.of("tier", "lobby"), Pod.Owner.OTHER, false, Pod.DO_NOT_DISRUPT),
                pod("a", Map.of("tier", "web"), Pod.Owner.OTHER, false, ""));
        PodSelectors selectors = new PodSelectors(
                List.of(SERVER), List.of(LabelSelector.parse("app=none"), LabelSelector.parse("tier in (lobby, hub)")));

        NodeLoad load = NodeLoad.of(pods, selectors);

        assertThat(load.servers()).isZero();
        assertThat(load.protector()).contains("default/b (protected-pod-selectors: tier in (lobby, hub))");
        assertThat(selectors.keys()).containsExactlyInAnyOrder("app", "tier");
    }

    @Test
    void tellsWhatEveryNewNodeCarriesToo() {
        NodeLoad load = NodeLoad.of(
                List.of(
                        pod("agent", Map.of(), Pod.Owner.DAEMON_SET, false, ""),
                        pod("proxy", Map.of(), Pod.Owner.NODE, false, ""),
                        pod("web", Map.of(), Pod.Owner.OTHER, false, "")),
                PodSelectors.ofServers(SERVER));
        assertThat(load.used().get("pods")).isEqualTo(3);
        assertThat(load.daemons()).isEqualTo(Resources.of(Map.of("cpu", 200L, "pods", 2L)));
    }

    @Test
    void namesTheFirstPodThatProtectsTheNodeWhateverTheOrder() {
        List<Pod> pods = List.of(
                pod("b", Map.of(), Pod.Owner.OTHER, false, Pod.DO_NOT_DISRUPT),
                pod("a", Map.of(), Pod.Owner.OTHER, false, Pod.SAFE_TO_EVICT),
                pod("0", Map.of(), Pod.Owner.OTHER, false, ""));
        assertThat(NodeLoad.of(pods, PodSelectors.ofServers(SERVER)).protector())
                .contains("default/a (cluster-autoscaler.kubernetes.io/safe-to-evict)");
    }

    @Test
    void countsAPodThatCannotBeReadAsAServerAndNamesTheFirst() {
        Pod one = pod("b", Map.of(), Pod.Owner.OTHER, false, "").withUnreadable(Optional.of("status: garbled"));
        Pod other = pod("a", Map.of(), Pod.Owner.DAEMON_SET, false, "").withUnreadable(Optional.of("spec: garbled"));
        NodeLoad load = NodeLoad.of(List.of(one, other), PodSelectors.ofServers(SERVER));
        assertThat(load.servers()).isEqualTo(2);
        assertThat(load.unreadable()).contains("default/a (spec: garbled)");
    }
}
