package io.kubescaler.kubernetes.pool;

import io.kubescaler.kubernetes.objects.Interner;
import io.kubescaler.kubernetes.objects.JsonText;
import io.kubescaler.kubernetes.objects.ListReader;
import io.kubescaler.kubernetes.objects.Observed;
import io.kubescaler.kubernetes.objects.PodReader;
import io.kubescaler.model.Pod;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads pods that cannot be read in part as production does: from the JSON that they stand for. Stateless. */
final class SimulatedReading {
    /** What is said of a pod whose labels cannot be read; of any other, a status cannot. */
    static final String LABELS = "labels";

    private SimulatedReading() {}

    /** Returns a pod as a reader of the API server's answers makes it out. */
    static Observed<Pod> read(Observed<Pod> pod) throws IOException {
        if (pod.value().flatMap(Pod::unreadable).isEmpty()) {
            return pod;
        }
        List<Observed<Pod>> read = new ArrayList<>();
        new ListReader<>(new PodReader(Set.of("app"), new Interner(1)))
                .readList(JsonText.stream("{\"items\":[" + json(pod.value().orElseThrow()) + "]}"), read::add);
        return read.get(0);
    }

    private static String json(Pod pod) {
        String labels = pod.labels().entrySet().stream()
                .map(label -> "'%s':%s"
                        .formatted(
                                label.getKey(),
                                pod.unreadable().equals(Optional.of(LABELS)) ? "{}" : "'" + label.getValue() + "'"))
                .collect(Collectors.joining(","));
        String requests = pod.requests().asMap().entrySet().stream()
                .filter(request -> !request.getKey().equals("pods"))
                .map(SimulatedReading::quantity)
                .collect(Collectors.joining(","));
        return JsonText.json(("{'metadata':{'namespace':'%s','name':'%s','uid':'%s','labels':{%s}%s},"
                        + "'spec':{'nodeName':'%s','containers':[{'name':'c','resources':{'requests':{%s}}}]},"
                        + "'status':{'containerStatuses':[{'name':'c','resources':{'requests':{'cpu':'%s'}}}]}}")
                .formatted(
                        pod.namespace(),
                        pod.name(),
                        pod.uid(),
                        labels,
                        pod.terminating() ? ",'deletionTimestamp':'2026-01-01T00:00:00Z'" : "",
                        pod.nodeName().orElse(""),
                        requests,
                        pod.unreadable().equals(Optional.of(LABELS)) ? "1m" : "-1"));
    }

    private static String quantity(Map.Entry<String, Long> request) {
        return "'%s':'%d%s'"
                .formatted(
                        request.getKey(), request.getValue(), request.getKey().equals("cpu") ? "m" : "");
    }
}
