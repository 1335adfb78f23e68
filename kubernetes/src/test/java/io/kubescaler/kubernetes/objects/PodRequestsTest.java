package io.kubescaler.kubernetes.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.model.Resources;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Expectations follow from the formula of k8s.io/component-helpers/resource 1.36, worked out by hand. */
class PodRequestsTest {
    @Test
    void sumsContainers() throws IOException {
        assertThat(requests("'containers':[" + cpu("a", "250m") + "," + cpu("b", "0.5") + "]", ""))
                .isEqualTo(cpu(750));
    }

    @Test
    void countsOnePodAloneWhenNothingIsRequested() throws IOException {
        assertThat(requests("'containers':[{'name':'a'}]", "")).isEqualTo(Resources.of(Map.of("pods", 1L)));
    }

    @Test
    void takesTheLargestInitContainerWhenAboveTheContainers() throws IOException {
        String init = "'initContainers':[" + cpu("i", "300m") + "," + cpu("j", "900m") + "]";
        assertThat(requests(init + ",'containers':[" + cpu("a", "500m") + "]", ""))
                .isEqualTo(cpu(900));
        assertThat(requests(init + ",'containers':[" + cpu("a", "950m") + "]", ""))
                .isEqualTo(cpu(950));
    }

    @Test
    void takesTheMaximumResourceByResource() throws IOException {
        String init = "'initContainers':[" + container("i", "'cpu':'2','memory':'10'") + "]";
        String main = "'containers':[" + container("a", "'cpu':'1','memory':'30','example.com/fpga':'1'") + "]";
        assertThat(requests(init + "," + main, ""))
                .isEqualTo(Resources.of(Map.of("cpu", 2000L, "memory", 30L, "example.com/fpga", 1L, "pods", 1L)));
    }

    @Test
    void addsRestartableInitContainersToTheContainers() throws IOException {
        assertThat(requests(
                        "'initContainers':[" + sidecar("s", "200m") + "],'containers':[" + cpu("a", "500m") + "]", ""))
                .isEqualTo(cpu(700));
    }

    @Test
    void countsEarlierSidecarsAloneInThePeakOfInitContainers() throws IOException {
        // peaks: 200, 200+1000=1200, then the later sidecar 200+300=500; containers 500+200+300=1000
        String init =
                "'initContainers':[" + sidecar("s", "200m") + "," + cpu("i", "1") + "," + sidecar("t", "300m") + "]";
        assertThat(requests(init + ",'containers':[" + cpu("a", "500m") + "]", ""))
                .isEqualTo(cpu(1200));
        // the other way round: peaks 1000, 200, 500; containers 1000
        String last =
                "'initContainers':[" + cpu("i", "1") + "," + sidecar("s", "200m") + "," + sidecar("t", "300m") + "]";
        assertThat(requests(last + ",'containers':[" + cpu("a", "400m") + "]", ""))
                .isEqualTo(cpu(1000));
    }

    @Test
    void addsOverheadOnTop() throws IOException {
        assertThat(requests("'overhead':{'cpu':'50m','memory':'1Ki'},'containers':[" + cpu("a", "100m") + "]", ""))
                .isEqualTo(Resources.of(Map.of("cpu", 150L, "memory", 1024L, "pods", 1L)));
    }

    @Test
    void letsRequestsOfTheWholePodWinWhereTheyAreSet() throws IOException {
        String containers = "'containers':[" + container("a", "'cpu':'2','memory':'5','example.com/fpga':'3'") + "]";
        assertThat(requests(
                        containers + ",'resources':{'requests':{'cpu':'1','example.com/fpga':'1'}}"
                                + ",'overhead':{'cpu':'10m'}",
                        ""))
                .isEqualTo(Resources.of(Map.of("cpu", 1010L, "memory", 5L, "example.com/fpga", 3L, "pods", 1L)));
    }

    @Test
    void letsAnExplicitZeroOfTheWholePodWin() throws IOException {
        assertThat(requests("'containers':[" + cpu("a", "2") + "],'resources':{'requests':{'cpu':'0'}}", ""))
                .isEqualTo(Resources.of(Map.of("pods", 1L)));
    }

    @Test
    void takesLimitsForRequestsThatAreMissing() throws IOException {
        String limited = "{'name':'a','resources':{'limits':{'cpu':'1','memory':'7'},'requests':{'memory':'0'}}}";
        assertThat(requests("'containers':[" + limited + "]", "")).isEqualTo(cpu(1000));
    }

    @Test
    void takesTheLimitOfTheWholePodWhenNoContainerAsksForTheResource() throws IOException {
        String pod = "'resources':{'limits':{'cpu':'4','memory':'9','hugepages-2Mi':'8'}},'containers':["
                + container("a", "'cpu':'1','hugepages-2Mi':'4'") + "]";
        assertThat(requests(pod, ""))
                .isEqualTo(Resources.of(Map.of("cpu", 1000L, "memory", 9L, "hugepages-2Mi", 8L, "pods", 1L)));
    }

    @Test
    void takesTheLargestOfSpecAllocatedAndActuatedDuringAResize() throws IOException {
        String spec = "'containers':[" + container("a", "'cpu':'1','memory':'10'") + "]";
        String status = "'containerStatuses':[{'name':'a','resources':{'requests':{'cpu':'2','memory':'5'}},"
                + "'allocatedResources':{'cpu':'500m','memory':'20'}}]";
        assertThat(requests(spec, status)).isEqualTo(Resources.of(Map.of("cpu", 2000L, "memory", 20L, "pods", 1L)));
    }

    @Test
    void leavesTheSpecOutWhenTheResizeIsInfeasible() throws IOException {
        String infeasible = "'conditions':[{'type':'PodResizePending','status':'True','reason':'Infeasible'}],"
                + "'containerStatuses':[{'name':'a','resources':{'requests':{'cpu':'2'}},"
                + "'allocatedResources':{'cpu':'1'}}]";
        assertThat(requests("'containers':[" + cpu("a", "64") + "]", infeasible))
                .isEqualTo(cpu(2000));
        assertThat(requests("'containers':[" + cpu("a", "64") + "]", infeasible.replace("Infeasible", "Deferred")))
                .isEqualTo(cpu(64_000));
    }

    @Test
    void ignoresAStatusWithoutResources() throws IOException {
        String status = "'containerStatuses':[{'name':'a','allocatedResources':{'cpu':'8'}}]";
        assertThat(requests("'containers':[" + cpu("a", "1") + "]", status)).isEqualTo(cpu(1000));
    }

    @Test
    void considersTheStatusOfSidecarsAndNotOfOtherInitContainers() throws IOException {
        String status = "'initContainerStatuses':[{'name':'s','resources':{'requests':{'cpu':'2'}}},"
                + "{'name':'i','resources':{'requests':{'cpu':'50'}}}]";
        assertThat(requests(
                        "'initContainers':[" + sidecar("s", "1") + "," + cpu("i", "1") + "],'containers':["
                                + cpu("a", "1") + "]",
                        status))
                .isEqualTo(cpu(3000));
    }

    @Test
    void takesTheLargestForTheWholePodDuringAResize() throws IOException {
        String spec = "'containers':[" + cpu("a", "9") + "],'resources':{'requests':{'cpu':'1','memory':'4'}}";
        assertThat(requests(spec, "'resources':{'requests':{'cpu':'3'}},'allocatedResources':{'cpu':'2'}"))
                .isEqualTo(Resources.of(Map.of("cpu", 3000L, "memory", 4L, "pods", 1L)));
    }

    @Test
    void addsClaimsOnTheNodesOwnResources() throws IOException {
        String status = "'nodeAllocatableResourceClaimStatuses':[{'resourceClaimName':'c','resources':{'cpu':'250m'}},"
                + "{'resourceClaimName':'d','resources':{'cpu':'250m'}}]";
        assertThat(requests("'containers':[" + cpu("a", "1") + "]", status)).isEqualTo(cpu(1500));
    }

    private static Resources requests(String spec, String status) throws IOException {
        String pod =
                "{'metadata':{'namespace':'n','name':'p','uid':'u'},'spec':{%s},'status':{%s}}".formatted(spec, status);
        PodReader reader = new PodReader(Set.of(), new Interner(10));
        return JsonText.read(reader, pod).value().orElseThrow().requests();
    }

    private static Resources cpu(long millis) {
        return Resources.cpu(millis).with(Resources.PODS, 1);
    }

    private static String cpu(String name, String quantity) {
        return container(name, "'cpu':'%s'".formatted(quantity));
    }

    private static String container(String name, String requests) {
        return "{'name':'%s','resources':{'requests':{%s}}}".formatted(name, requests);
    }

    private static String sidecar(String name, String quantity) {
        return "{'name':'%s','restartPolicy':'Always','resources':{'requests':{'cpu':'%s'}}}".formatted(name, quantity);
    }
}
