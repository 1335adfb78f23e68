package io.kubescaler.kubernetes.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.Node;
import io.kubescaler.model.Pod;
import io.kubescaler.model.Resources;
import io.kubescaler.model.ServersFound.CarriedLabel;
import io.kubescaler.testing.PoolBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NearestLabelsTest {
    private static List<CarriedLabel> nearest(String selector, Pod... pods) {
        NearestLabels labels = new NearestLabels(LabelSelector.parse(selector));
        List.of(pods).forEach(labels::add);
        return labels.found();
    }

    private static Pod pod(Pod.Owner owner, Map<String, String> labels) {
        return new Pod(
                "games",
                "p",
                "u",
                Optional.of("n"),
                labels,
                Pod.Waiting.NONE,
                Resources.cpu(1),
                owner,
                false,
                Optional.empty(),
                Optional.empty());
    }

    private static Pod pod(Map<String, String> labels) {
        return pod(Pod.Owner.OTHER, labels);
    }

    @Test
    void namesTheNearestFirstWithHowManyPodsCarryIt() {
        assertThat(nearest(
                        "app=game-sever",
                        pod(Map.of("app", "game-server", "team", "blue")),
                        pod(Map.of("app", "game-server")),
                        pod(Map.of("app", "gateway"))))
                .extracting(CarriedLabel::toString)
                .containsExactly("app=game-server (2)", "app=gateway (1)", "team=blue (1)");
    }

    @Test
    void passesOverPodsThatComeWithTheirNode() {
        assertThat(nearest(
                        "app=agent",
                        pod(Pod.Owner.DAEMON_SET, Map.of("app", "agents")),
                        pod(Pod.Owner.NODE, Map.of("app", "agents"))))
                .isEmpty();
    }

    @Test
    void measuresByTheNearestOfSeveralValuesAndByTheNameWhereAnyValueWillDo() {
        Pod one = pod(Map.of("app", "matches", "game", "chess"));
        assertThat(nearest("app in (server,match),tier!=lobby", one).get(0).label())
                .isEqualTo("app=matches");
        assertThat(nearest("games", one).get(0).label()).isEqualTo("game=chess");
    }

    @Test
    void namesAFewAndThoseThatMostPodsCarryWhereNothingIsWanted() {
        List<CarriedLabel> found = nearest(
                "tier!=lobby",
                pod(Map.of("a", "1", "b", "1", "c", "1", "d", "1", "e", "1", "f", "1")),
                pod(Map.of("f", "1")));
        assertThat(found).hasSize(5);
        assertThat(found.get(0)).isEqualTo(new CarriedLabel("f=1", 2));
    }

    @Test
    void looksAtTheNodesWithTheMostPods() {
        PoolBuilder pool = new PoolBuilder();
        for (int i = 0; i < 12; i++) {
            pool.node("n" + i, i == 11 ? 3 : 0);
        }
        assertThat(NearestLabels.mostTelling(pool.cluster().nodes()))
                .extracting(Node::name)
                .hasSize(10)
                .startsWith("n11", "n0", "n1");
    }
}
