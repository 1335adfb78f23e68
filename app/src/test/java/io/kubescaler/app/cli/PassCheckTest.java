package io.kubescaler.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.model.PoolHistory;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.PoolSnapshot;
import io.kubescaler.model.Reading;
import io.kubescaler.model.Resources;
import io.kubescaler.plan.Plan;
import io.kubescaler.plan.Planner;
import io.kubescaler.provider.Finding;
import io.kubescaler.provider.Finding.Severity;
import io.kubescaler.testing.PolicyBuilder;
import io.kubescaler.testing.PoolBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@code check} says of a pass on paper. */
class PassCheckTest {
    private static final PoolPolicy WITH_GPU = new PolicyBuilder()
            .slotSize(Resources.of(Map.of("cpu", 1000L, "example.com/gpu", 1L)))
            .numbers(0, 1, 10)
            .build();

    @Test
    void saysHowAPoolStandsAndHowManySlotsANewNodeHas() {
        Finding finding = finding(PoolBuilder.policy(), new PoolBuilder().node("a", 0));

        assertThat(finding.severity()).isEqualTo(Severity.OK);
        assertThat(finding.what()).isEqualTo("pool games: a pass on paper");
        assertThat(finding.message()).startsWith("Ok: 4 slots are free").endsWith("slots on a new node: 4");
    }

    @Test
    void refusesASlotThatIsLargerThanTheNodesThoughNoneIsMissing() {
        assertThat(finding(WITH_GPU, new PoolBuilder().node("a", 0))).satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.ERROR);
            assertThat(finding.message())
                    .startsWith("SlotLargerThanNode: ")
                    .contains("example.com/gpu")
                    .contains("server-resource-requests");
        });
    }

    @Test
    void refusesASlotThatIsLargerThanTheTemplateThoughNoNodeIsThere() {
        PoolPolicy policy = new PolicyBuilder().slotSize(Resources.cpu(5000)).build();

        Finding finding = finding(policy, new PoolBuilder().template(Resources.of(Map.of("cpu", 4000L, "pods", 110L))));

        assertThat(finding.severity()).isEqualTo(Severity.ERROR);
        assertThat(finding.message()).startsWith("SlotLargerThanNode: ").contains("server-cpu-resource-request");
    }

    @Test
    void warnsOfAConditionThatStopsGrowth() {
        Finding finding = finding(PoolBuilder.policy(9, 1, 1), new PoolBuilder().node("a", 0));

        assertThat(finding.severity()).isEqualTo(Severity.WARNING);
        assertThat(finding.message()).startsWith("AtMaximum: ");
    }

    @Test
    void refusesACloudThatCannotBeRead() {
        PoolSnapshot snapshot = new PoolSnapshot(
                Reading.unreadable("no answer"),
                Reading.known(new PoolBuilder().node("a", 0).cluster()));

        Finding finding = PassCheck.finding(PoolBuilder.policy(), plan(PoolBuilder.policy(), snapshot));

        assertThat(finding.severity()).isEqualTo(Severity.ERROR);
        assertThat(finding.message()).startsWith("CloudUnreadable: ").contains("no answer");
    }

    private static Finding finding(PoolPolicy policy, PoolBuilder pool) {
        return PassCheck.finding(policy, plan(policy, pool.build()));
    }

    private static Plan plan(PoolPolicy policy, PoolSnapshot snapshot) {
        return new Planner().plan(policy, snapshot, PoolHistory.NONE, PoolBuilder.NOW);
    }
}
