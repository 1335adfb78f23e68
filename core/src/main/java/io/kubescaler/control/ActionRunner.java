package io.kubescaler.control;

import io.kubescaler.control.PassRecord.Outcome;
import io.kubescaler.control.PassRecord.Result;
import io.kubescaler.control.PoolController.Ports;
import io.kubescaler.model.Count;
import io.kubescaler.model.Instance;
import io.kubescaler.model.MachineIdentity;
import io.kubescaler.model.Node;
import io.kubescaler.model.NodeLoad;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.PoolSnapshot;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Reading;
import io.kubescaler.model.Reading.Known;
import io.kubescaler.model.Reading.Unreadable;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Fitness;
import io.kubescaler.plan.Mark;
import io.kubescaler.plan.Plan;
import io.kubescaler.plan.Reason;
import io.kubescaler.provider.Deletion;
import io.kubescaler.provider.ProviderException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out the actions of one pool, each with its live checks right before. For one thread. */
final class ActionRunner {
    private static final Logger LOG = LoggerFactory.getLogger(ActionRunner.class);

    private final PoolPolicy policy;
    private final Ports ports;
    private final Clock clock;
    private final CloudView cloud;
    private final GrowthOrders orders;

    ActionRunner(PoolPolicy policy, Ports ports, Clock clock, CloudView cloud, GrowthOrders orders) {
        this.policy = policy;
        this.ports = ports;
        this.clock = clock;
        this.cloud = cloud;
        this.orders = orders;
    }

    /**
     * Starts carrying out a plan that was made from that snapshot.
     *
     * @param current whether the snapshot is young enough for nodes to be bought, set aside and deleted by it
     */
    Run begin(Plan plan, PoolSnapshot snapshot, BooleanSupplier current) {
        return new Run(plan, snapshot, current);
    }

    /** Why an action is not carried out, or not to its end. */
    private static final class Stopped extends Exception {
        private static final long serialVersionUID = 1L;
        private final Result result;

        Stopped(Result result, String message) {
            super(message);
            this.result = result;
        }
    }

    /** The carrying out of one plan. */
    final class Run implements Action.Visitor<Outcome> {
        private final List<Node> nodes;
        private final Optional<String> instanceIdLabel;
        private final BooleanSupplier current;
        // as the cloud says right before the first action there
        private List<Instance> instances = List.of();
        // whether the plan was made while the cloud could not be read
        private final boolean cloudIsAway;
        // what the cloud must still say before the next action there: the size planned for, less our own deletions
        private int expectedSize;
        private boolean sizeChecked;
        private boolean takeBackChecked;
        private Optional<String> growthFailure = Optional.empty();
        private boolean refused;
        private boolean foundInUse;
        // by UID, whether each node that the plan was made from may host servers; found out with the first deletion
        private Optional<Map<String, Boolean>> mayHost = Optional.empty();

        private Run(Plan plan, PoolSnapshot snapshot, BooleanSupplier current) {
            this.current = current;
            nodes = snapshot.cluster() instanceof Known<ClusterState> known
                    ? known.value().nodes()
                    : List.of();
            instanceIdLabel = snapshot.cloud() instanceof Known<PoolDescription> known
                    ? known.value().instanceIdLabel()
                    : Optional.empty();
            expectedSize = plan.size();
            cloudIsAway = snapshot.cloud() instanceof Unreadable<PoolDescription>;
            if (snapshot.cloud() instanceof Unreadable<PoolDescription> unreadable) {
                instances = unreadable.recent().map(PoolDescription::instances).orElse(List.of());
            }
        }

        /** Returns why the cloud would not let the pool grow; empty when it did or was not asked. */
        Optional<String> growthFailure() {
            return growthFailure;
        }

        /** Returns whether the cloud refused the latest action, and will hardly do otherwise when asked again at once. */
        boolean wasRefused() {
            return refused;
        }

        /** Returns whether the latest action was a deletion, and the live checks found something that speaks against it. */
        boolean foundInUse() {
            return foundInUse;
        }

        /**
         * Writes an annotation. One that fails is written by a later pass, which finds the same need.
         *
         * @return what stood in the way; empty when it was written
         */
        Optional<String> mark(Mark mark) {
            return mark(observed(mark.node()), mark);
        }

        private Optional<String> mark(Node node, Mark mark) {
            try {
                ports.cluster().mark(node, mark);
                return Optional.empty();
            } catch (ClusterException error) {
                LOG.warn(
                        "pool {}: {} on node {} was not written and will be tried again: {}",
                        policy.pool(),
                        mark.kind(),
                        mark.node(),
                        Errors.describe(error));
                return Optional.of(Errors.describe(error));
            } catch (RuntimeException | LinkageError error) {
                // one mark that fails must not stop the others, nor the actions after them
                LOG.error("pool {}: {} on node {} failed unexpectedly", policy.pool(), mark.kind(), mark.node(), error);
                return Optional.of(Errors.describe(error));
            }
        }

        Outcome perform(Action action) {
            refused = false;
            foundInUse = false;
            return action.accept(this);
        }

        @Override
        public Outcome uncordon(Action.Uncordon action) {
            return attempt(action, () -> {
                // whoever deletes machines in the cloud deletes those that we have emptied for them; servers that wait
                // cannot wait for a cloud that does not answer
                if (!cloudIsAway) {
                    checkTakeBack();
                }
                checkStays(action.instance());
                requireLeadership();
                ports.cluster().uncordon(observed(action.node()));
            });
        }

        @Override
        public Outcome cordon(Action.Cordon action) {
            Instant now = clock.instant();
            Optional<Instant> emptySince = action.empty() ? Optional.of(now) : Optional.empty();
            return attempt(action, () -> {
                requireCurrent();
                ports.cluster().cordon(observed(action.node()), now, emptySince);
            });
        }

        @Override
        public Outcome grow(Action.Grow action) {
            return attempt(action, () -> {
                // deletions of this pass may have come before: what is ordered are nodes on top of what they left
                sizeChecked = false;
                checkSize();
                int wanted = safeSize(expectedSize + (action.to() - action.from()));
                requireCurrent();
                requireLeadership();
                cloud.invalidate();
                orders.sending(wanted);
                requireLeadership();
                order(wanted);
                expectedSize = wanted;
            });
        }

        private int safeSize(int wanted) throws Stopped {
            try {
                return orders.safeSize(wanted, expectedSize);
            } catch (GrowthOrders.Unsafe unsafe) {
                throw new Stopped(Result.SKIPPED, String.valueOf(unsafe.getMessage()));
            }
        }

        private void order(int size) throws ProviderException {
            boolean told = false;
            try {
                ports.provider().grow(size);
                told = true;
            } catch (ProviderException error) {
                told = !mayBeCarriedOut(error);
                throw error;
            } finally {
                // whatever ends the call without a word of the cloud's leaves the order open
                if (!told) {
                    orders.unanswered(size);
                }
            }
        }

        @Override
        public Outcome delete(Action.Delete action) {
            return attempt(action, () -> {
                checkSizeToDelete();
                if (action.node().isPresent()) {
                    checkNoFurtherNode(action, observed(action.node().get()));
                }
                requireCurrent();
                Optional<Node> marked = Optional.empty();
                if (action.node().isPresent()) {
                    marked = Optional.of(setAside(action, observed(action.node().get())));
                } else {
                    checkNotInCluster(action);
                }
                requireLeadership();
                cloud.expire();
                Deletion deletion =
                        ports.provider().delete(List.of(action.instance())).get(0);
                if (deletion.error().isPresent()) {
                    ProviderException error = deletion.error().get();
                    if (marked.isPresent() && !mayBeCarriedOut(error)) {
                        setBack(action, marked.get(), "the cloud refused it, or was not asked");
                    }
                    throw error;
                }
                expectedSize--;
            });
        }

        private static boolean isRefusal(ProviderException error) {
            return !(error instanceof ProviderException.Transient || error instanceof ProviderException.RateLimited);
        }

        private static boolean mayBeCarriedOut(ProviderException error) {
            return error instanceof ProviderException.Transient && !(error instanceof ProviderException.NotSent);
        }

        private Node setAside(Action.Delete action, Node observed) throws Stopped, ClusterException {
            stopWhen(isAnotherMachine(action, observed));
            requireLeadership();
            ports.cluster().markDeleting(observed, clock.instant());
            Node live = ports.cluster()
                    .readNode(observed.name())
                    .orElseThrow(() -> new Stopped(Result.SKIPPED, "its node has gone meanwhile"));
            Optional<String> objection = LiveChecks.againstDeleting(observed, live, policy)
                    .or(() -> isAnotherMachine(action, live))
                    .or(() -> hasCome(action, live));
            if (objection.isPresent()) {
                foundInUse = true;
                setBack(action, live, objection.get());
            }
            stopWhen(objection);
            return live;
        }

        // a machine that the cloud no longer lists is gone, whichever it was
        private Optional<String> isAnotherMachine(Action.Delete action, Node node) {
            return instance(action.instance())
                    .flatMap(instance -> LiveChecks.againstMachine(instance, node, instanceIdLabel));
        }

        private Optional<String> hasCome(Action.Delete action, Node live) {
            boolean neverCame =
                    action.reason() instanceof Reason.NeverReady || action.reason() instanceof Reason.MachineFailed;
            return neverCame && !Fitness.neverReady(live) ? Optional.of("it has just become Ready") : Optional.empty();
        }

        // not ordered, or refused for certain: the node can be taken back meanwhile; after an order of unknown outcome,
        // not
        private void setBack(Action.Delete action, Node marked, String why) {
            boolean mayBeUnderWay = action.reason() instanceof Reason.DeletionUnconfirmed;
            if (!mayBeUnderWay
                    && marked.marks().deletingAt().isPresent()
                    && ports.leadership().mayAct()) {
                Reason reason = new Reason.DeletionAbandoned(why);
                mark(marked, new Mark(marked.name(), Mark.Kind.CLEAR_DELETING, Optional.empty(), reason));
            }
        }

        // while its node is Ready and has the name that the cloud tells, the machine runs under that name
        private void checkNoFurtherNode(Action.Delete action, Node observed) throws Stopped, ClusterException {
            Optional<Instance> instance = instance(action.instance())
                    .filter(it ->
                            it.nodeName().isEmpty() || !observed.readiness().ready());
            if (instance.isEmpty()) {
                return;
            }
            MachineIdentity machine = new MachineIdentity(instance.get(), instanceIdLabel, instances);
            Optional<Node> further = ports.cluster().findFurtherNode(machine, judged(machine, observed));
            foundInUse = further.isPresent();
            stopWhen(further.map(node -> machine.is(node)
                    ? "node %s is this machine too: delete the Node object that no kubelet keeps any more"
                            .formatted(node.name())
                    : machine.cannotBeToldFrom(node)));
        }

        // The plan has judged the nodes that could host servers, and those that still cannot. What the cloud calls this
        // machine by now, it has not. While its own node is Ready, its kubelet is alive under that name, or was a
        // moment
        // ago: outside the pool, of the nodes that tell no identity, only one that has just registered may be it.
        private Predicate<Node> judged(MachineIdentity machine, Node own) {
            Map<String, Boolean> known = mayHost();
            return node -> node.uid().equals(own.uid())
                    || (own.readiness().ready() && isOutside(node) && !machine.is(node) && !hasJustRegistered(node))
                    || (known.containsKey(node.uid())
                            && !machine.is(node)
                            && (known.get(node.uid()) || !Fitness.mayHostServers(node.withLoad(NodeLoad.EMPTY))));
        }

        private boolean isOutside(Node node) {
            return !policy.selector().matches(node.labels());
        }

        private boolean hasJustRegistered(Node node) {
            return Duration.between(node.createdAt(), clock.instant()).abs().compareTo(Fitness.READY_LAGS) < 0;
        }

        private Map<String, Boolean> mayHost() {
            if (mayHost.isEmpty()) {
                Map<String, Boolean> all = new HashMap<>();
                nodes.forEach(node -> all.put(node.uid(), Fitness.mayHostServers(node)));
                mayHost = Optional.of(all);
            }
            return mayHost.get();
        }

        // a machine without a node in our view may have one that lacks the pool's labels, or has just got one
        private void checkNotInCluster(Action.Delete action) throws Stopped, ClusterException {
            Instance instance = instance(action.instance())
                    .orElseThrow(() -> new Stopped(Result.SKIPPED, "the cloud no longer lists it"));
            MachineIdentity machine = new MachineIdentity(instance, instanceIdLabel, instances);
            Optional<Node> node = ports.cluster().findNode(machine);
            if (node.isPresent()) {
                // one that nothing tells from it is a sign that it runs only if servers may be there
                foundInUse = machine.is(node.get()) || Fitness.mayHostServers(node.get());
                throw new Stopped(Result.SKIPPED, whoseNode(machine, node.get()));
            }
            if (instance.nodeName().isPresent()) {
                Optional<String> objection = LiveChecks.againstLoad(
                        ports.cluster().readLoad(instance.nodeName().get()));
                foundInUse = objection.isPresent();
                stopWhen(objection);
            }
        }

        private String whoseNode(MachineIdentity machine, Node node) {
            return machine.is(node)
                    ? "node %s is this machine; unless it has only just joined, it lacks the labels of the selector %s"
                            .formatted(node.name(), policy.selector())
                    : machine.cannotBeToldFrom(node);
        }

        // once before the first action in the cloud, and before a grow: whoever else resized the pool made the plan
        // void
        private void checkSize() throws Stopped {
            if (!sizeChecked) {
                checkSize(cloud::readForOrder);
                sizeChecked = true;
            }
        }

        // a deletion can wait, and what is kept of the cloud's rate limit for growth is not for it
        private void checkSizeToDelete() throws Stopped {
            stopWhen(cloud.mustWaitToDelete());
            if (!sizeChecked) {
                checkSize(cloud::readToDelete);
                sizeChecked = true;
            }
        }

        // reads too, and yet orders nothing: what is kept of the cloud's rate limit for growth is not for it
        private void checkTakeBack() throws Stopped {
            if (!sizeChecked && !takeBackChecked) {
                checkSize(cloud::readNow);
                takeBackChecked = true;
            }
        }

        private void checkSize(Supplier<Reading<PoolDescription>> read) throws Stopped {
            Optional<String> wait = cloud.mustWait();
            if (wait.isPresent()) {
                cloud.expire();
                throw new Stopped(Result.SKIPPED, wait.get());
            }
            Reading<PoolDescription> fresh = read.get();
            if (fresh instanceof Unreadable<PoolDescription> unreadable) {
                throw new Stopped(Result.FAILED, "the cloud could not be read right before: " + unreadable.why());
            }
            PoolDescription known = ((Known<PoolDescription>) fresh).value();
            if (known.size() != expectedSize) {
                throw new Stopped(
                        Result.SKIPPED,
                        "the pool has %s now and %s planned with"
                                .formatted(Count.of(known.size(), "node"), Count.of(expectedSize, "was", "were")));
            }
            // a machine may have got its name, and with it a node, since the plan was made
            instances = known.instances();
        }

        private void checkStays(String id) throws Stopped {
            if (instance(id).filter(it -> it.state() != Instance.State.DELETING).isEmpty()) {
                throw new Stopped(Result.SKIPPED, "the cloud deletes its machine, or no longer lists it");
            }
        }

        // searched for: an action takes many times longer than a walk over thousands
        private Optional<Instance> instance(String id) {
            for (Instance instance : instances) {
                if (instance.id().equals(id)) {
                    return Optional.of(instance);
                }
            }
            return Optional.empty();
        }

        private void requireLeadership() throws Stopped {
            if (!ports.leadership().mayAct()) {
                throw new Stopped(Result.NOT_ACTING, "this replica no longer holds the lease");
            }
        }

        private void requireCurrent() throws Stopped {
            if (!current.getAsBoolean()) {
                throw new Stopped(Result.SKIPPED, "what it was decided by was observed too long ago");
            }
        }

        private void stopWhen(Optional<String> objection) throws Stopped {
            if (objection.isPresent()) {
                throw new Stopped(Result.SKIPPED, objection.get());
            }
        }

        private Node observed(String name) {
            for (Node node : nodes) {
                if (node.name().equals(name)) {
                    return node;
                }
            }
            throw new IllegalStateException("the plan names node %s, which was not observed".formatted(name));
        }

        private Outcome attempt(Action action, Attempt attempt) {
            try {
                attempt.run();
                return new Outcome(action, Result.DONE, "");
            } catch (Stopped stopped) {
                return new Outcome(action, stopped.result, String.valueOf(stopped.getMessage()));
            } catch (ClusterException error) {
                boolean changed =
                        error.kind() == ClusterException.Kind.CONFLICT || error.kind() == ClusterException.Kind.GONE;
                return new Outcome(action, changed ? Result.SKIPPED : Result.FAILED, Errors.describe(error));
            } catch (ProviderException error) {
                cloud.heed(error);
                refused = isRefusal(error);
                if (action instanceof Action.Grow && error instanceof ProviderException.QuotaExceeded) {
                    growthFailure = Optional.of(Errors.describe(error));
                }
                return new Outcome(action, Result.FAILED, Errors.describe(error));
            } catch (RuntimeException | LinkageError error) {
                LOG.error("pool {}: {} failed unexpectedly", policy.pool(), action.type(), error);
                return new Outcome(action, Result.FAILED, Errors.describe(error));
            }
        }
    }

    /** The steps of one action. */
    @FunctionalInterface
    private interface Attempt {
        void run() throws Stopped, ClusterException, ProviderException;
    }
}
