package io.kubescaler.kubernetes.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubescaler.model.NodeAffinity;
import io.kubescaler.model.NodeConstraints;
import io.kubescaler.model.Pod;
import io.kubescaler.model.Resources;
import io.kubescaler.model.Toleration;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodReaderTest {
    private final PodReader reader = new PodReader(Set.of("app"), new Interner(100));

    @Test
    void readsWhatScalingNeeds() throws IOException {
        Observed<Pod> read = JsonText.read(reader, """
            {'kind':'Pod','apiVersion':'v1','metadata':{'name':'s-1','namespace':'games','uid':'u-1',
             'resourceVersion':'77','labels':{'app':'server','other':'x'},
             'managedFields':[{'fieldsV1':{'f:metadata':{}}}],'deletionTimestamp':'2026-01-01T00:00:00Z'},
             'spec':{'nodeName':'n-1','nodeSelector':{'zone':'a'},
                     'containers':[{'name':'c','resources':{'requests':{'cpu':'500m'}}}]},
             'status':{'phase':'Running'},'unknown':{'deep':[1,{'x':[]}]}}\
            """);
        assertThat(read)
                .isEqualTo(new Observed<>(
                        "games/s-1",
                        "u-1",
                        "77",
                        Optional.of(new Pod(
                                "games",
                                "s-1",
                                "u-1",
                                Optional.of("n-1"),
                                Map.of("app", "server"),
                                Pod.Waiting.NONE,
                                Resources.of(Map.of("cpu", 500L, "pods", 1L)),
                                Pod.Owner.OTHER,
                                true,
                                Optional.empty(),
                                Optional.empty()))));
    }

    @Test
    void readsPodsThatTheApiServerStoresHoweverDeepAndLongTheirNames() throws IOException {
        String deep = "{'f:a':".repeat(9_000) + "{}" + "}".repeat(9_000);
        String longName = "{'k:" + "A".repeat(1_000_000) + "':{}}";
        Observed<Pod> read = JsonText.read(
                reader,
                "{'metadata':{'name':'p','managedFields':[{'fieldsV1':%s},{'fieldsV1':%s}]}}"
                        .formatted(deep, longName));
        assertThat(read.value()).isPresent();
    }

    @Test
    void refusesBytesThatAreNoText() {
        // begins as UTF-32 does, and is none
        byte[] bytes = {0, 0, 0, '{', 'p', '2', '0', '0'};
        assertThatThrownBy(() -> new ListReader<>(reader).readObject(new ByteArrayInputStream(bytes)))
                .isInstanceOf(MalformedObjectException.class)
                .hasMessageContaining("no text in UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Succeeded", "Failed"})
    void readsAnEndedPodAsOneWithoutValue(String phase) throws IOException {
        Observed<Pod> read = JsonText.read(
                reader, "{'status':{'phase':'%s'},'metadata':{'name':'p','namespace':'n','uid':'u'}}".formatted(phase));
        assertThat(read.value()).isEmpty();
        assertThat(read.uid()).isEqualTo("u");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'Pending'", "'Running'", "'Unknown'", "''", "null", "'SomethingNew'"})
    void readsAPodOfAnyOtherPhaseAsLive(String phase) throws IOException {
        assertThat(pod("", "'status':{'phase':%s}".formatted(phase))).isPresent();
    }

    @Test
    void tellsPodsThatComeWithTheNode() throws IOException {
        assertThat(owner("'ownerReferences':[{'kind':'DaemonSet','name':'d','controller':true}]"))
                .isEqualTo(Pod.Owner.DAEMON_SET);
        assertThat(owner("'ownerReferences':[{'kind':'Node','name':'n','controller':true}]"))
                .isEqualTo(Pod.Owner.NODE);
        assertThat(owner("'annotations':{'kubernetes.io/config.mirror':'hash'}"))
                .isEqualTo(Pod.Owner.NODE);
        assertThat(owner("'ownerReferences':[{'kind':'DaemonSet','name':'d','controller':false}]"))
                .isEqualTo(Pod.Owner.OTHER);
        assertThat(owner("'ownerReferences':[{'kind':'ReplicaSet','name':'r','controller':true}]"))
                .isEqualTo(Pod.Owner.OTHER);
        assertThat(owner("'ownerReferences':null")).isEqualTo(Pod.Owner.OTHER);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "karpenter.sh/do-not-disrupt, true, karpenter.sh/do-not-disrupt=true",
                "karpenter.sh/do-not-disrupt, false, -",
                "cluster-autoscaler.kubernetes.io/safe-to-evict, false,"
                        + " cluster-autoscaler.kubernetes.io/safe-to-evict=false",
                "cluster-autoscaler.kubernetes.io/safe-to-evict, true, -",
                "unrelated, true, -"
            })
    void readsWhatForbidsDisruption(String annotation, String value, String expected) throws IOException {
        assertThat(pod("'annotations':{'%s':'%s'}".formatted(annotation, value), "'status':{}")
                        .flatMap(Pod::doNotDisrupt))
                .isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    void sharesWhatPodsHaveInCommon() throws IOException {
        String spec = "'spec':{'nodeName':'n-1','nodeSelector':{'a':'b'},"
                + "'containers':[{'name':'c','resources':{'requests':{'cpu':'1'}}}]}";
        Pod one = pod("'labels':{'app':'x'}", spec).orElseThrow();
        Pod two = pod("'labels':{'app':'x'}", spec).orElseThrow();
        assertThat(two.namespace()).isSameAs(one.namespace());
        assertThat(two.nodeName()).isSameAs(one.nodeName());
        assertThat(two.labels()).isSameAs(one.labels());
        assertThat(one.waiting()).isSameAs(Pod.Waiting.NONE);
        assertThat(two.requests()).isSameAs(one.requests());
    }

    @Test
    void readsTheRestOfAPodOfWhichAPartCannotBeRead() throws IOException {
        Pod pod = pod(
                        "'labels':{'app':'server'}",
                        "'spec':{'nodeName':'n-1','containers':["
                                + "{'name':'a','resources':{'requests':{'cpu':'many','memory':'1Gi'}}},"
                                + "{'name':'b','resources':{'requests':{'cpu':'250m'}}}]}")
                .orElseThrow();
        assertThat(pod.unreadable().orElseThrow())
                .startsWith("spec.containers[0].resources.requests.cpu: 'many' is no quantity");
        assertThat(pod.nodeName()).contains("n-1");
        assertThat(pod.requests()).isEqualTo(Resources.of(Map.of("cpu", 250L, "memory", 1L << 30, "pods", 1L)));
        assertThat(pod("", "'status':[]").flatMap(Pod::unreadable))
                .contains("status: expected an object and found an array");
        assertThat(pod("'labels':{'app':{}}", "'status':{}").flatMap(Pod::unreadable))
                .contains("metadata.labels.app: expected a text and found an object");
        assertThat(pod("'deletionTimestamp':'soon'", "'status':{}")
                        .orElseThrow()
                        .terminating())
                .isTrue();
        assertThat(pod("'creationTimestamp':'soon'", "'status':{}").flatMap(Pod::unreadable))
                .isPresent();
        // of one that is on a node nobody asks
        assertThat(pod("'creationTimestamp':'soon'", "'spec':{'nodeName':'n'}").flatMap(Pod::unreadable))
                .isEmpty();
        assertThat(pod("", "'status':{'phase':{}}").flatMap(Pod::unreadable)).isPresent();
    }

    @Test
    void countsTheSpecAloneWhereAStatusCannotBeRead() throws IOException {
        Pod pod = pod(
                        "",
                        "'spec':{'containers':[{'name':'c','resources':{'requests':{'cpu':'500m'}}}]},"
                                + "'status':{'conditions':[{'type':'PodResizePending','reason':'Infeasible'}],"
                                + "'containerStatuses':[{'name':'c','resources':{'requests':{'cpu':'-1','memory':'9Gi'}}}]}")
                .orElseThrow();
        assertThat(pod.requests()).isEqualTo(Resources.of(Map.of("cpu", 500L, "pods", 1L)));
        assertThat(pod.unreadable())
                .contains("status.containerStatuses[0].resources.requests.cpu: the quantity '-1' is negative");
    }

    @Test
    void readsWhatTheSchedulerFiltersByWhileAPodIsOnNoNode() throws IOException {
        String spec = """
            'spec':{'nodeSelector':{'zone':'a'},'schedulingGates':[{'name':'example.com/quota'}],
             'affinity':{'podAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':[{}]},
              'nodeAffinity':{'preferredDuringSchedulingIgnoredDuringExecution':[{'weight':1}],
               'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':[
                {'matchExpressions':[{'key':'role','operator':'In','values':['a','b']}],
                 'matchFields':[{'key':'metadata.name','operator':'NotIn','values':['n']}]},
                {}]}}},
             'tolerations':[{'key':'k','operator':'Exists','effect':'NoExecute','tolerationSeconds':300},
              {'operator':'Exists'}]},
            'status':{'phase':'Pending','conditions':[
             {'type':'PodScheduled','status':'False','reason':'Unschedulable','message':'0/3 nodes are available'},
             {'type':'Ready','status':'False','message':'other'}]}""";
        Pod.Waiting waiting = pod("'creationTimestamp':'2026-01-01T00:00:00Z'", spec)
                .orElseThrow()
                .waiting();
        NodeAffinity affinity = new NodeAffinity(List.of(
                new NodeAffinity.Term(
                        List.of(new NodeAffinity.Requirement("role", "In", List.of("a", "b"))),
                        List.of(new NodeAffinity.Requirement("metadata.name", "NotIn", List.of("n")))),
                new NodeAffinity.Term(List.of(), List.of())));
        assertThat(waiting)
                .isEqualTo(new Pod.Waiting(
                        new NodeConstraints(
                                Map.of("zone", "a"),
                                Optional.of(affinity),
                                List.of(
                                        new Toleration("k", "Exists", "", "NoExecute"),
                                        new Toleration("", "Exists", "", ""))),
                        Optional.of(Instant.parse("2026-01-01T00:00:00Z")),
                        true,
                        "0/3 nodes are available"));
        assertThat(pod("", spec).orElseThrow().waiting().constraints())
                .isSameAs(pod("", spec).orElseThrow().waiting().constraints());
    }

    @Test
    void readsAPodThatAsksForNothing() throws IOException {
        String nothing = "'spec':{'affinity':null,'tolerations':null,'schedulingGates':[],'nodeSelector':null}";
        assertThat(pod("", nothing).orElseThrow().waiting()).isEqualTo(Pod.Waiting.NONE);
        assertThat(pod(
                                "",
                                "'spec':{'affinity':{'nodeAffinity':{'%s':null}}}"
                                        .formatted("requiredDuringSchedulingIgnoredDuringExecution"))
                        .orElseThrow()
                        .waiting())
                .isEqualTo(Pod.Waiting.NONE);
    }

    @Test
    void refusesWhatNobodyCanTellFromOtherPods() {
        assertThatThrownBy(() -> pod("", "'spec':{'nodeName':{}}"))
                .isInstanceOfSatisfying(
                        MalformedObjectException.class,
                        it -> assertThat(it.isOfOneObject()).isTrue())
                .hasMessageContaining("the node of the Pod n/p cannot be read: spec.nodeName: expected a text")
                .hasMessageContaining("line 1, column");
        assertThatThrownBy(() -> pod("", "'spec':[]")).hasMessageContaining("the node of the Pod n/p cannot be read");
        assertThatThrownBy(() -> JsonText.read(reader, "{'metadata':{}}"))
                .isInstanceOfSatisfying(
                        MalformedObjectException.class,
                        it -> assertThat(it.isOfOneObject()).isTrue())
                .hasMessageContaining("a Pod without metadata.name");
        assertThatThrownBy(() -> JsonText.read(reader, "{'kind':'Node','metadata':{'name':'x'}}"))
                .isInstanceOfSatisfying(
                        MalformedObjectException.class,
                        it -> assertThat(it.isOfOneObject()).isFalse())
                .hasMessageContaining("expected a Pod and found a Node x");
    }

    private Pod.Owner owner(String metadata) throws IOException {
        return pod(metadata, "'status':{}").orElseThrow().owner();
    }

    private Optional<Pod> pod(String metadata, String rest) throws IOException {
        String extra = metadata.isEmpty() ? "" : "," + metadata;
        return JsonText.read(reader, "{'metadata':{'namespace':'n','name':'p','uid':'u'%s},%s}".formatted(extra, rest))
                .value();
    }
}
