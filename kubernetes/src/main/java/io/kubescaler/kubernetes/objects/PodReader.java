package io.kubescaler.kubernetes.objects;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.kubescaler.kubernetes.objects.PodRequests.Container;
import io.kubescaler.kubernetes.objects.PodRequests.Given;
import io.kubescaler.model.Pod;
import io.kubescaler.model.Resources;
import io.kubescaler.words.OneLine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Reads pods from JSON, straight into the few things that scaling needs. A pod in phase Succeeded or Failed is read as
 * one without a value. An amount that cannot be read counts as none; where a status cannot be read, the spec alone
 * counts. What many pods have in common is shared between them. Not thread-safe.
 */
public final class PodReader implements ObjectReader<Pod> {
    private static final String MIRROR = "kubernetes.io/config.mirror";
    private static final Set<String> ANNOTATIONS = Set.of(MIRROR, Pod.SAFE_TO_EVICT, Pod.DO_NOT_DISRUPT);

    private final Predicate<String> labels;
    private final Interner interner;

    /**
     * @param labelNames the labels to keep: those that some selector of pods looks at
     * @param interner where pods that are alike find what they share
     */
    public PodReader(Set<String> labelNames, Interner interner) {
        this(Set.copyOf(labelNames)::contains, interner);
    }

    private PodReader(Predicate<String> labels, Interner interner) {
        this.labels = labels;
        this.interner = interner;
    }

    /** Returns a reader that keeps all labels. */
    public static PodReader ofAllLabels(Interner interner) {
        return new PodReader(name -> true, interner);
    }

    @Override
    public String kind() {
        return "Pod";
    }

    @Override
    public Draft<Pod> draft(LenientReader json) {
        return new PodDraft(json);
    }

    private final class PodDraft implements Draft<Pod> {
        private final LenientReader json;
        private final Metadata metadata;
        private final List<Container> containers = new ArrayList<>();
        private final List<Container> initContainers = new ArrayList<>();
        private final Map<String, Given> statuses = new HashMap<>();
        private Optional<String> nodeName = Optional.empty();
        private final ConstraintsReader constraints = new ConstraintsReader();
        private boolean gated;
        private String schedulerSays = "";
        private Requirements wholePod = new Requirements();
        private Resources overhead = Resources.NONE;
        private Resources claims = Resources.NONE;
        private Optional<Resources> actuated = Optional.empty();
        private Resources allocated = Resources.NONE;
        private boolean ended;
        private boolean resizeInfeasible;
        // of which node it is may be what cannot be read
        private boolean specIsRead = true;
        private boolean nodeNameIsRead = true;

        PodDraft(LenientReader json) {
            this.json = json;
            metadata = new Metadata(json, kind(), labels, ANNOTATIONS::contains);
        }

        @Override
        public void field(String name, JsonParser parser) throws IOException {
            switch (name) {
                case "kind" -> metadata.kind(parser);
                case "metadata" -> metadata.read(parser);
                case "spec" -> {
                    specIsRead = false;
                    json.fields(field -> spec(field, parser));
                    specIsRead = true;
                }
                case "status" -> json.fields(field -> status(field, parser));
                default -> parser.skipChildren();
            }
        }

        @Override
        public Observed<Pod> finish(JsonParser parser) throws IOException {
            metadata.check(parser);
            if (!ended && !(specIsRead && nodeNameIsRead)) {
                throw MalformedObjectException.ofOneObject(
                        parser,
                        "the node of the Pod %s cannot be read: %s"
                                .formatted(metadata.key(), json.unreadable().orElse("")));
            }
            return new Observed<>(
                    metadata.key(),
                    metadata.uid(),
                    metadata.resourceVersion(),
                    ended ? Optional.empty() : Optional.of(pod()));
        }

        private void spec(String field, JsonParser parser) throws IOException {
            switch (field) {
                case "nodeName" -> {
                    nodeNameIsRead = false;
                    nodeName = Json.text(parser).filter(name -> !name.isEmpty());
                    nodeNameIsRead = true;
                }
                case "nodeSelector" -> constraints.nodeSelector(parser);
                case "affinity", "tolerations" -> placement(field, parser);
                case "schedulingGates" ->
                    json.elements(() -> {
                        gated = true;
                        parser.skipChildren();
                    });
                case "containers" -> json.elements(() -> containers.add(container(json, parser)));
                case "initContainers" -> json.elements(() -> initContainers.add(container(json, parser)));
                case "resources" -> wholePod = Requirements.read(json, parser);
                case "overhead" -> overhead = Resources.of(json.amounts());
                default -> parser.skipChildren();
            }
        }

        // the node's name stands before them where the API server writes, and of a pod on a node nobody asks
        private void placement(String field, JsonParser parser) throws IOException {
            if (nodeName.isPresent()) {
                parser.skipChildren();
            } else if (field.equals("affinity")) {
                constraints.affinity(parser);
            } else {
                constraints.tolerations(parser);
            }
        }

        private void status(String field, JsonParser parser) throws IOException {
            switch (field) {
                case "phase" ->
                    ended = Json.text(parser).filter(PodReader::isEnd).isPresent();
                case "conditions" -> json.elements(() -> condition(parser));
                case "containerStatuses", "initContainerStatuses" -> json.elements(() -> containerStatus(parser));
                case "resources" -> actuated = Requirements.given(json, parser);
                case "allocatedResources" -> allocated = Resources.of(json.amounts());
                case "nodeAllocatableResourceClaimStatuses" -> json.elements(() -> claim(parser));
                default -> parser.skipChildren();
            }
        }

        private void condition(JsonParser parser) throws IOException {
            Condition condition = new Condition();
            json.fields(field -> {
                switch (field) {
                    case "type" -> condition.type = Json.text(parser).orElse("");
                    case "status" -> condition.status = Json.text(parser).orElse("");
                    case "reason" -> condition.reason = Json.text(parser).orElse("");
                    case "message" -> {
                        if (nodeName.isEmpty()) {
                            condition.message = Json.text(parser).orElse("");
                        } else {
                            parser.skipChildren();
                        }
                    }
                    default -> parser.skipChildren();
                }
            });
            if (condition.type.equals("PodResizePending")) {
                resizeInfeasible = condition.reason.equals("Infeasible");
            } else if (condition.type.equals("PodScheduled") && condition.status.equals("False")) {
                schedulerSays = OneLine.of(condition.message);
            }
        }

        private void containerStatus(JsonParser parser) throws IOException {
            int troubles = json.troubles();
            ContainerStatus status = new ContainerStatus();
            json.fields(field -> {
                switch (field) {
                    case "name" -> status.name = Json.text(parser).orElse("");
                    case "resources" -> status.actuated = Requirements.given(json, parser);
                    case "allocatedResources" -> status.allocated = Resources.of(json.amounts());
                    default -> parser.skipChildren();
                }
            });
            // without it, what the spec asks for counts
            Optional<Resources> whole = json.troubles() == troubles ? status.actuated : Optional.empty();
            whole.ifPresent(given -> statuses.put(status.name, new Given(given, status.allocated)));
        }

        private void claim(JsonParser parser) throws IOException {
            json.fields(field -> {
                if (field.equals("resources")) {
                    claims = claims.plus(Resources.of(json.amounts()));
                } else {
                    parser.skipChildren();
                }
            });
        }

        private Pod pod() {
            PodRequests requests = new PodRequests(
                    containers,
                    initContainers,
                    statuses,
                    wholePod.requests,
                    wholePod.limits,
                    actuated.map(given -> new Given(given, allocated)),
                    claims,
                    overhead,
                    resizeInfeasible);
            return new Pod(
                    interner.share(metadata.namespace()),
                    metadata.name(),
                    metadata.uid(),
                    interner.share(nodeName),
                    interner.share(Map.copyOf(metadata.labels())),
                    waiting(),
                    interner.share(requests.total()),
                    owner(),
                    metadata.beingDeleted(),
                    interner.share(doNotDisrupt()),
                    json.unreadable());
        }

        private Pod.Waiting waiting() {
            return nodeName.isPresent()
                    ? Pod.Waiting.NONE
                    : new Pod.Waiting(
                            interner.share(constraints.read()),
                            metadata.createdAt(),
                            gated,
                            interner.share(schedulerSays));
        }

        private Pod.Owner owner() {
            if (metadata.annotations().containsKey(MIRROR) || metadata.ownedByNode()) {
                return Pod.Owner.NODE;
            }
            return metadata.controllerKind().filter("DaemonSet"::equals).isPresent()
                    ? Pod.Owner.DAEMON_SET
                    : Pod.Owner.OTHER;
        }

        private Optional<String> doNotDisrupt() {
            if ("true".equals(metadata.annotations().get(Pod.DO_NOT_DISRUPT))) {
                return Optional.of(Pod.DO_NOT_DISRUPT + "=true");
            }
            return "false".equals(metadata.annotations().get(Pod.SAFE_TO_EVICT))
                    ? Optional.of(Pod.SAFE_TO_EVICT + "=false")
                    : Optional.empty();
        }
    }

    private static boolean isEnd(String phase) {
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    private static Container container(LenientReader json, JsonParser parser) throws IOException {
        ContainerSpec spec = new ContainerSpec();
        json.fields(field -> {
            switch (field) {
                case "name" -> spec.name = Json.text(parser).orElse("");
                case "restartPolicy" ->
                    spec.restartable =
                            Json.text(parser).filter("Always"::equals).isPresent();
                case "resources" -> spec.resources = Requirements.read(json, parser);
                default -> parser.skipChildren();
            }
        });
        return new Container(spec.name, spec.restartable, spec.resources.defaulted());
    }

    private static final class ContainerSpec {
        private String name = "";
        private boolean restartable;
        private Requirements resources = new Requirements();
    }

    private static final class Condition {
        private String type = "";
        private String status = "";
        private String reason = "";
        private String message = "";
    }

    private static final class ContainerStatus {
        private String name = "";
        private Optional<Resources> actuated = Optional.empty();
        private Resources allocated = Resources.NONE;
    }

    /** A {@code ResourceRequirements}. */
    private static final class Requirements {
        private Map<String, Long> requests = Map.of();
        private Map<String, Long> limits = Map.of();

        static Requirements read(LenientReader json, JsonParser parser) throws IOException {
            Requirements read = new Requirements();
            json.fields(field -> {
                switch (field) {
                    case "requests" -> read.requests = json.amounts();
                    case "limits" -> read.limits = json.amounts();
                    default -> parser.skipChildren();
                }
            });
            return read;
        }

        /** Returns the requests of a status; empty when the status has none to tell of. */
        static Optional<Resources> given(LenientReader json, JsonParser parser) throws IOException {
            boolean absent = parser.currentToken() == JsonToken.VALUE_NULL;
            Requirements read = read(json, parser);
            return absent ? Optional.empty() : Optional.of(Resources.of(read.requests));
        }

        /** Returns the requests; a resource that has a limit alone is requested to its limit. */
        Resources defaulted() {
            Map<String, Long> all = new HashMap<>(limits);
            all.putAll(requests);
            return Resources.of(all);
        }
    }
}
