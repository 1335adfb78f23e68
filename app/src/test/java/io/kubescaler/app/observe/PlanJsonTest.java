package io.kubescaler.app.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kubescaler.control.PassRecord;
import io.kubescaler.control.PassRecord.Outcome;
import io.kubescaler.control.PassRecord.Result;
import io.kubescaler.model.PoolHistory;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Condition;
import io.kubescaler.plan.Mark;
import io.kubescaler.plan.NodeReport;
import io.kubescaler.plan.NodeState;
import io.kubescaler.plan.Plan;
import io.kubescaler.plan.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PlanJsonTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void spellsEveryFieldAsPromised() throws Exception {
        JsonNode expected = new ObjectMapper().readTree("""
                {"pool": "games", "now": "2026-01-01T00:00:00Z", "condition": "AtMaximum", "message": "at the maximum",
                 "size": 3, "free": 5, "buffer": 4, "unplaced": 1, "serverPods": 7, "required": 5, "upcoming": 2, "slotsPerNewNode": 4,
                 "waitingSince": "2025-12-31T23:58:30Z",
                 "actions": [
                  {"type": "uncordon", "node": "a", "reason": "TakersBelowMinimum",
                   "message": "1 node takes servers and the minimum is 2; this one has 3 servers"},
                  {"type": "grow", "from": 3, "to": 4, "reason": "BelowMinimum",
                   "message": "the pool has 3 nodes and its minimum is 4"},
                  {"type": "cordon", "node": "b", "reason": "Surplus",
                   "message": "9 slots are free and 4 are required; 5 remain without this node, which has 0 servers"},
                  {"type": "delete", "node": "c", "instance": "i-3", "reason": "Expired",
                   "message": "empty since 2025-12-31T23:58:00Z: 120 s, and the expiration is 90 s"},
                  {"type": "delete", "instance": "i-4", "reason": "NeverReady",
                   "message": "it has not become Ready in 1000 s, and the provisioning timeout is 900 s"}],
                 "marks": [
                  {"node": "d", "kind": "set-empty-since", "at": "2026-01-01T00:00:00Z", "reason": "BecameEmpty",
                   "message": "its last server has left"},
                  {"node": "e", "kind": "clear-all", "at": null, "reason": "UncordonedByPerson",
                   "message": "it was set aside by the scaler and somebody made it schedulable again"}],
                 "nodes": [
                  {"name": "a", "instance": null, "state": "cordoned", "servers": 3, "slots": 1, "verdict": "taken back"},
                  {"name": null, "instance": "i-4", "state": "unready", "servers": 0, "slots": 0, "verdict": "late"}]}
                """);
        assertThat(PlanJson.document(plan(OptionalLong.of(4)))).hasToString(expected.toString());
    }

    @Test
    void showsNullWhenSlotsOfANewNodeAreUnknown() {
        assertThat(PlanJson.document(plan(OptionalLong.empty()))
                        .get("slotsPerNewNode")
                        .isNull())
                .isTrue();
    }

    @Test
    void tellsWhatBecameOfTheActionsThatWereComeTo() {
        Plan plan = plan(OptionalLong.of(4));
        PassRecord pass = new PassRecord(
                plan,
                List.of(
                        new Outcome(plan.actions().get(1), Result.NOT_ACTING, "a dry run"),
                        new Outcome(plan.actions().get(0), Result.DONE, "")),
                Duration.ofMillis(1500));

        JsonNode document = PlanJson.document(pass);

        assertThat(document.get("tookSeconds").asDouble()).isEqualTo(1.5);
        assertThat(document.at("/actions/0/outcome").asText()).isEqualTo("done");
        assertThat(document.at("/actions/1/outcome").asText()).isEqualTo("not-acting");
        assertThat(document.at("/actions/1/outcomeMessage").asText()).isEqualTo("a dry run");
        assertThat(document.at("/actions/2").has("outcome")).isFalse();
    }

    private static Plan plan(OptionalLong slotsPerNewNode) {
        return new Plan(
                "games",
                NOW,
                Condition.AT_MAXIMUM,
                "at the maximum",
                3,
                5,
                4,
                1,
                5,
                7,
                2,
                slotsPerNewNode,
                Optional.of(NOW.minusSeconds(90)),
                List.of(
                        new Mark("d", Mark.Kind.SET_EMPTY_SINCE, Optional.of(NOW), new Reason.BecameEmpty()),
                        new Mark("e", Mark.Kind.CLEAR_ALL, Optional.empty(), new Reason.UncordonedByPerson())),
                List.of(
                        new Action.Uncordon("a", "i-a", new Reason.TakersBelowMinimum(1, 2, 3)),
                        new Action.Grow(3, 4, new Reason.BelowMinimum(3, 4)),
                        new Action.Cordon("b", true, new Reason.Surplus(9, 4, 4, 0)),
                        new Action.Delete(
                                "i-3",
                                Optional.of("c"),
                                new Reason.Expired(
                                        NOW.minusSeconds(120), Duration.ofSeconds(120), Duration.ofSeconds(90))),
                        new Action.Delete(
                                "i-4",
                                Optional.empty(),
                                new Reason.NeverReady(Duration.ofSeconds(1000), Duration.ofSeconds(900)))),
                List.of(
                        new NodeReport(Optional.of("a"), Optional.empty(), NodeState.CORDONED, 3, 1, "taken back"),
                        new NodeReport(Optional.empty(), Optional.of("i-4"), NodeState.UNREADY, 0, 0, "late")),
                PoolHistory.NONE);
    }
}
