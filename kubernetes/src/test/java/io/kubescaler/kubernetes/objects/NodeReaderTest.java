package io.kubescaler.kubernetes.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.model.Node;
import io.kubescaler.model.NodeLoad;
import io.kubescaler.model.Resources;
import io.kubescaler.model.Taint;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NodeReaderTest {
    private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");
    private final NodeReader reader = new NodeReader(new Interner(100));

    @Test
    void readsWhatScalingNeeds() throws IOException {
        Observed<Node> read = JsonText.read(reader, """
                {'kind':'Node','metadata':{'name':'n-1','uid':'u-1','resourceVersion':'9',
                  'creationTimestamp':'2026-01-01T00:00:00Z','labels':{'pool':'games'},
                  'annotations':{'kubescaler.io/cordoned-at':'2026-01-02T00:00:00Z','other':'x',
                    'kubescaler.io/empty-since':'2026-01-02T01:00:00Z','kubescaler.io/keep':'true',
                    'kubescaler.io/deleting-at':'2026-01-02T02:00:00Z'},
                  'deletionTimestamp':'2026-01-03T00:00:00Z'},
                 'spec':{'providerID':'digitalocean://1','unschedulable':true,
                   'taints':[{'key':'node.kubernetes.io/unschedulable','effect':'NoSchedule'},
                     {'key':'dedicated','value':'gpu','effect':'NoExecute','timeAdded':null},{'value':'keyless'}]},
                 'status':{'capacity':{'cpu':'4'},'allocatable':{'cpu':'3900m','memory':'6Gi','pods':'110'},
                   'conditions':[
                     {'type':'MemoryPressure','status':'True'},{'type':'DiskPressure','status':'False'},
                     {'type':'SomethingElse','status':'True'},
                     {'type':'Ready','status':'True','lastHeartbeatTime':'2026-01-05T00:00:00Z',
                      'lastTransitionTime':'2026-01-01T00:01:00Z'}]}}""");
        assertThat(read.value())
                .contains(new Node(
                        "n-1",
                        "u-1",
                        "9",
                        CREATED,
                        Map.of("pool", "games"),
                        Optional.of("digitalocean://1"),
                        true,
                        true,
                        new Node.Readiness(true, Optional.of(Instant.parse("2026-01-01T00:01:00Z"))),
                        Set.of("MemoryPressure"),
                        Set.of(
                                Taint.noSchedule("node.kubernetes.io/unschedulable"),
                                new Taint("dedicated", "gpu", "NoExecute")),
                        Resources.of(Map.of("cpu", 3900L, "memory", 6L << 30, "pods", 110L)),
                        NodeLoad.EMPTY,
                        new Node.Marks(
                                Optional.of(Instant.parse("2026-01-02T00:00:00Z")),
                                Optional.of(Instant.parse("2026-01-02T01:00:00Z")),
                                Optional.of(Instant.parse("2026-01-02T02:00:00Z")),
                                true),
                        Optional.empty(),
                        Optional.empty()));
    }

    @Test
    void readsABareNodeAsOneThatIsNotReady() throws IOException {
        Node bare = node("").orElseThrow();
        assertThat(bare.readiness()).isEqualTo(new Node.Readiness(false, Optional.empty()));
        assertThat(bare.providerId()).isEmpty();
        assertThat(bare.allocatable()).isEqualTo(Resources.NONE);
        assertThat(bare.marks()).isEqualTo(Node.Marks.NONE);
    }

    @Test
    void readsAnUnknownReadyConditionAsNotReady() throws IOException {
        assertThat(node(",'status':{'conditions':[{'type':'Ready','status':'Unknown'}]}")
                        .orElseThrow()
                        .readiness()
                        .ready())
                .isFalse();
    }

    @Test
    void saysThatAnAnnotationOfOursIsNoTime() throws IOException {
        Node read = JsonText.read(
                        reader,
                        "{'metadata':{'name':'n','creationTimestamp':'2026-01-01T00:00:00Z',"
                                + "'annotations':{'kubescaler.io/cordoned-at':'yesterday','kubescaler.io/keep':'yes'}}}")
                .value()
                .orElseThrow();
        assertThat(read.marks()).isEqualTo(Node.Marks.NONE);
        assertThat(read.unreadable())
                .contains("metadata.annotations.kubescaler.io/cordoned-at: 'yesterday' is no RFC 3339 time");
    }

    @Test
    void readsTheRestOfANodeOfWhichAPartCannotBeRead() throws IOException {
        assertThat(unreadable("{'metadata':{'name':'n'}}")).contains("metadata.creationTimestamp: it is not there");
        assertThat(unreadable("{'metadata':{'name':'n','creationTimestamp':'today'}}"))
                .contains("metadata.creationTimestamp: 'today' is no RFC 3339 time");
        Node node =
                node(",'spec':{'taints':7,'providerID':'x://1'},'status':{'allocatable':{'cpu':'-4','memory':'1Gi'},"
                                + "'conditions':[[],{'type':'Ready','status':'True'}]}")
                        .orElseThrow();
        assertThat(node.unreadable()).contains("spec.taints: expected an array and found a number");
        assertThat(node.providerId()).contains("x://1");
        assertThat(node.allocatable()).isEqualTo(Resources.of(Map.of("memory", 1L << 30)));
        assertThat(node.readiness().ready()).isTrue();
        assertThat(unreadable("{'metadata':{'name':'n','creationTimestamp':'2026-01-01T00:00:00Z',"
                        + "'labels':{'a':{'b':[1,{}]},'c':'d'}},'spec':[[{}]],'status':null}"))
                .contains("metadata.labels.a: expected a text and found an object");
    }

    @Test
    void readsWhoMadeItUnschedulable() throws IOException {
        String fields = "'metadata':{'name':'n','creationTimestamp':'2026-01-01T00:00:00Z','managedFields':[%s]},"
                + "'spec':{'unschedulable':true}";
        String kubelet = "{'manager':'kubelet','operation':'Update','fieldsV1':{'f:status':{'f:conditions':{}}},"
                + "'subresource':'status'}";
        String ours = "{'manager':'kubescaler','operation':'Update','apiVersion':'v1','fieldsType':'FieldsV1',"
                + "'fieldsV1':{'f:metadata':{'f:annotations':{'f:kubescaler.io/cordoned-at':{}}}%s}}";
        String spec = ",'f:spec':{'f:unschedulable':{}}";
        String person =
                "{'manager':'kubectl-cordon','operation':'Update','fieldsV1':{'f:spec':{'f:unschedulable':{}}}}";
        assertThat(cordonedBy("{" + fields.formatted(kubelet + "," + ours.formatted(spec)) + "}"))
                .contains("kubescaler");
        assertThat(cordonedBy("{" + fields.formatted(ours.formatted("") + "," + person) + "}"))
                .contains("kubectl-cordon");
        assertThat(cordonedBy("{" + fields.formatted(person + "," + ours.formatted(spec)) + "}"))
                .as("of two owners, by server-side apply, the one who is not the scaler")
                .contains("kubectl-cordon");
        assertThat(cordonedBy("{" + fields.formatted(ours.formatted(spec) + "," + person) + "}"))
                .contains("kubectl-cordon");
        assertThat(cordonedBy("{" + fields.formatted(kubelet + "," + ours.formatted("")) + "}"))
                .isEmpty();
        assertThat(cordonedBy("{" + fields.formatted(person.replace("}}}}", "}}},'subresource':'status'}")) + "}"))
                .isEmpty();
    }

    @Test
    void takesACordonForOursByTheManagerAndWhereThatIsNotKnownByTheAnnotation() {
        assertThat(cordoned(Optional.of("kubescaler")).cordonedByUs()).isTrue();
        assertThat(cordoned(Optional.empty()).cordonedByUs()).isTrue();
        assertThat(cordoned(Optional.of("kubectl-cordon")).cordonedByUs()).isFalse();
        assertThat(cordoned(Optional.of("kubectl-cordon")).isCordonedByOther()).isTrue();
    }

    private static Node cordoned(Optional<String> manager) {
        return new Node(
                "n",
                "u",
                "1",
                CREATED,
                Map.of(),
                Optional.empty(),
                true,
                false,
                new Node.Readiness(true, Optional.empty()),
                Set.of(),
                Set.of(),
                Resources.NONE,
                NodeLoad.EMPTY,
                new Node.Marks(Optional.of(CREATED), Optional.empty(), Optional.empty(), false),
                manager,
                Optional.empty());
    }

    private Optional<String> cordonedBy(String json) throws IOException {
        return JsonText.read(reader, json).value().orElseThrow().cordonedBy();
    }

    private Optional<String> unreadable(String json) throws IOException {
        return JsonText.read(reader, json).value().orElseThrow().unreadable();
    }

    private Optional<Node> node(String rest) throws IOException {
        return JsonText.read(
                        reader,
                        "{'metadata':{'name':'n','creationTimestamp':'2026-01-01T00:00:00Z'}%s}".formatted(rest))
                .value();
    }
}
