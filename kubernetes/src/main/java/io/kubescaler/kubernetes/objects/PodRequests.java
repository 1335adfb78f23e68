package io.kubescaler.kubernetes.objects;

import io.kubescaler.model.Resources;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the scheduler counts for a pod: the larger of the sum of its containers and the peak of its init containers, plus
 * overhead; where requests are set for the pod as a whole, they win. Mirrors {@code
 * k8s.io/component-helpers/resource.PodRequests} of Kubernetes 1.36 as the scheduler calls it, in-place resize
 * included, and the defaults that the API server fills in from limits. {@link Resources#PODS} is 1.
 *
 * <p>Amounts are rounded up one by one, and not their exact sum: a sum of fractions of a byte may come out higher than
 * the scheduler's by at most a byte for each container. Immutable and thread-safe.
 *
 * @param containers {@code spec.containers}
 * @param initContainers {@code spec.initContainers}, in their order
 * @param statuses what is really given to containers, by name: {@code status.containerStatuses} and {@code
 *     status.initContainerStatuses}, those alone that have {@code resources}
 * @param podRequests {@code spec.resources.requests}
 * @param podLimits {@code spec.resources.limits}
 * @param podStatus what is really given to the pod as a whole; empty when {@code status.resources} is not there
 * @param claims the sum of {@code status.nodeAllocatableResourceClaimStatuses}
 * @param overhead {@code spec.overhead}
 * @param resizeInfeasible whether the node has refused a resize, so that the spec says what will never be given
 */
record PodRequests(
        List<Container> containers,
        List<Container> initContainers,
        Map<String, Given> statuses,
        Map<String, Long> podRequests,
        Map<String, Long> podLimits,
        Optional<Given> podStatus,
        Resources claims,
        Resources overhead,
        boolean resizeInfeasible) {
    private static final String HUGE_PAGES = "hugepages-";

    /**
     * What one container asks for.
     *
     * @param name its name
     * @param restartable an init container that stays, with {@code restartPolicy: Always}
     * @param requests its requests, those included that default to its limits
     */
    record Container(String name, boolean restartable, Resources requests) {}

    /**
     * What is really given, beside what the spec asks for.
     *
     * @param actuated {@code resources.requests} of the status
     * @param allocated {@code allocatedResources} of the status
     */
    record Given(Resources actuated, Resources allocated) {}

    PodRequests {
        containers = List.copyOf(containers);
        initContainers = List.copyOf(initContainers);
        statuses = Map.copyOf(statuses);
        podRequests = Map.copyOf(podRequests);
        podLimits = Map.copyOf(podLimits);
    }

    /** Returns what the scheduler counts. */
    Resources total() {
        Resources ofContainers = ofContainers();
        Map<String, Long> wholePod = defaultedPodRequests(ofContainers);
        Resources total = ofContainers.plus(claims);
        for (String name : wholePod.keySet()) {
            if (hasPodLevel(name)) {
                total = total.with(
                        name, effective(Resources.of(wholePod), podStatus).get(name));
            }
        }
        return total.plus(overhead).with(Resources.PODS, 1);
    }

    private Resources ofContainers() {
        Resources sum = Resources.NONE;
        for (Container container : containers) {
            sum = sum.plus(effective(container));
        }
        Resources staying = Resources.NONE;
        Resources peak = Resources.NONE;
        for (Container container : initContainers) {
            Resources one = container.restartable() ? effective(container) : container.requests();
            peak = peak.max(staying.plus(one));
            if (container.restartable()) {
                staying = staying.plus(one);
                sum = sum.plus(one);
            }
        }
        return sum.max(peak);
    }

    // as the API server's defaulting does: a limit alone is a request, unless containers ask for that resource
    private Map<String, Long> defaultedPodRequests(Resources ofContainers) {
        if (podLimits.isEmpty()) {
            return podRequests;
        }
        Map<String, Long> defaulted = new TreeMap<>(podRequests);
        podLimits.forEach((name, limit) -> {
            if (ofContainers.get(name) == 0 || name.startsWith(HUGE_PAGES)) {
                defaulted.putIfAbsent(name, limit);
            }
        });
        return defaulted;
    }

    private Resources effective(Container container) {
        return effective(container.requests(), Optional.ofNullable(statuses.get(container.name())));
    }

    private Resources effective(Resources spec, Optional<Given> status) {
        return status.map(given -> given.actuated().max(given.allocated()))
                .map(given -> resizeInfeasible ? given : given.max(spec))
                .orElse(spec);
    }

    private static boolean hasPodLevel(String resource) {
        return resource.equals(Resources.CPU) || resource.equals(Resources.MEMORY) || resource.startsWith(HUGE_PAGES);
    }
}
