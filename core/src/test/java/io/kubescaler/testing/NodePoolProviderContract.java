package io.kubescaler.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kubescaler.model.Instance;
import io.kubescaler.model.NodeTemplate;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.Resources;
import io.kubescaler.provider.Deletion;
import io.kubescaler.provider.Finding;
import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.ProviderException;
import io.kubescaler.testing.CloudUnderTest.Failure;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The contract that every {@link NodePoolProvider} keeps, one rule a test. The scaler relies on each of them to never
 * kill a server and to never buy a node twice; a provider that breaks one is not fit for use.
 *
 * <p>To run it, extend it in your own tests and hand over a cloud of your making:
 *
 * <pre>{@code
 * class MyCloudContractTest extends NodePoolProviderContract {
 *     @Override
 *     protected CloudUnderTest cloudWith(int machines) {
 *         return new MyCloudStandIn(machines);
 *     }
 * }
 * }</pre>
 *
 * <p>A rule is skipped, and reported as such, where the cloud cannot show what it needs (see {@link CloudUnderTest}).
 */
@Timeout(Patience.SECONDS)
public abstract class NodePoolProviderContract {
    private static final int SIZE = 3;
    private static final String WORDS = "the-words-of-the-cloud-4711";

    private CloudUnderTest cloud;
    private NodePoolProvider provider;

    /** Makes a cloud with one pool of that many machines, all of them running, and a provider of that pool. */
    protected abstract CloudUnderTest cloudWith(int machines);

    @BeforeEach
    void openCloud() {
        cloud = cloudWith(SIZE);
        provider = cloud.provider();
        assertThat(cloud.size())
                .as("fixture: cloudWith(n) must make a pool of size n")
                .isEqualTo(SIZE);
        assertThat(cloud.machines())
                .as("fixture: cloudWith(n) must make n machines")
                .hasSize(SIZE);
    }

    @AfterEach
    void closeCloud() {
        cloud.close();
    }

    // ---- describe ----

    @Test
    void describesTheSizeAndEveryMachineById() throws ProviderException {
        PoolDescription pool = provider.describe();

        assertThat(pool.size())
                .as("describe().size() is what the cloud has been asked for")
                .isEqualTo(SIZE);
        assertThat(ids(pool.instances()))
                .as("describe().instances() lists each machine of the pool exactly once, from every page")
                .containsExactlyInAnyOrderElementsOf(cloud.machines());
    }

    @Test
    void describesManyMachinesWithoutLosingAny() throws ProviderException {
        cloud.resizeBehindOurBack(60);

        assertThat(ids(provider.describe().instances()))
                .as("a pool of 60 is listed whole: read every page of the cloud's answer")
                .containsExactlyInAnyOrderElementsOf(cloud.machines());
    }

    @Test
    void describesMachinesThatAreUpAsRunningAndJoinable() throws ProviderException {
        PoolDescription pool = provider.describe();

        assertThat(pool.instances()).allSatisfy(instance -> {
            assertThat(instance.state())
                    .as("a machine that is up is RUNNING: %s", instance)
                    .isEqualTo(Instance.State.RUNNING);
            assertThat(instance.providerId().isPresent()
                            || instance.nodeName().isPresent()
                            || pool.instanceIdLabel().isPresent())
                    .as(
                            "a running machine must be found among the nodes by identity: give its providerId, its"
                                    + " nodeName, or the pool's instanceIdLabel: %s",
                            instance)
                    .isTrue();
        });
    }

    @Test
    void tellsWhenEachMachineWasOrdered() throws ProviderException {
        provider.grow(SIZE + 1);
        PoolDescription first = provider.describe();
        cloud.letTimePass(Duration.ofMinutes(1));
        PoolDescription second = provider.describe();

        for (Instance instance : first.instances()) {
            assertThat(byId(second, instance.id()).map(Instance::createdAt))
                    .as(
                            "createdAt is when the cloud was asked for the machine; it never changes, or the provisioning"
                                    + " timeout starts anew with every look: %s",
                            instance)
                    .contains(instance.createdAt());
        }
    }

    @Test
    void countsOrderedMachinesIntoTheSizeWhileTheyBoot() throws ProviderException {
        provider.grow(SIZE + 2);
        PoolDescription pool = provider.describe();

        assertThat(pool.size())
                .as("the size counts what was ordered, not what has booted, or every pass buys the same nodes again")
                .isEqualTo(SIZE + 2);
        assertThat(pool.instances().stream().filter(is(Instance.State.FAILED).or(is(Instance.State.DELETING))))
                .as("a machine that boots is BOOTING (so is one in a state that the provider does not know)")
                .isEmpty();
    }

    @Test
    void showsMachinesAsBootingAndThenAsRunning() throws ProviderException {
        Set<String> before = cloud.machines();
        provider.grow(SIZE + 2);
        Set<String> ordered = new TreeSet<>(cloud.machines());
        ordered.removeAll(before);
        assumeTrue(ordered.size() == 2, "the cloud shows machines only once they are up");
        PoolDescription booting = provider.describe();
        cloud.letMachinesBoot();
        PoolDescription running = provider.describe();

        for (String id : ordered) {
            assertThat(byId(booting, id).map(Instance::state))
                    .as("machine %s was just ordered and is BOOTING", id)
                    .contains(Instance.State.BOOTING);
            assertThat(byId(running, id).map(Instance::state))
                    .as("machine %s keeps its id and is RUNNING once it is up", id)
                    .contains(Instance.State.RUNNING);
        }
    }

    @Test
    void keepsTheIdOfAMachineForItsWholeLife() throws ProviderException {
        List<String> first = ids(provider.describe().instances());
        cloud.letTimePass(Duration.ofHours(1));

        assertThat(ids(provider.describe().instances()))
                .as("ids are the cloud's own and do not change from one describe() to the next")
                .containsExactlyInAnyOrderElementsOf(first);
    }

    @Test
    void seesWhatOthersDidToThePool() throws ProviderException {
        provider.describe();
        cloud.resizeBehindOurBack(SIZE + 4);

        assertThat(provider.describe().size())
                .as("describe() reports the pool as it is now and caches nothing")
                .isEqualTo(SIZE + 4);
    }

    @Test
    void showsAMachineThatFailedWithTheWordsOfTheCloud() throws ProviderException {
        assumeTrue(cloud.failBooting(WORDS), "machines of this cloud cannot fail");
        provider.grow(SIZE + 1);
        cloud.letMachinesBoot();

        List<Instance> failed = provider.describe().instances().stream()
                .filter(is(Instance.State.FAILED))
                .toList();
        assertThat(failed)
                .as("a machine that the cloud could not start is FAILED")
                .hasSize(1);
        assertThat(failed.get(0).message())
                .as("the message of a failed machine is what the cloud says of it")
                .contains(WORDS);
    }

    @Test
    void tellsWhatANewNodeWillBeOrNothing() throws ProviderException {
        Optional<NodeTemplate> template = provider.describe().template();

        assertThat(template.map(told -> told.allocatable().get(Resources.CPU)).orElse(1L))
                .as(
                        "a template names the CPU that pods may use, in millicores; leave it empty when the cloud does not"
                                + " tell: %s",
                        template)
                .isPositive();
    }

    @Test
    void describesNoLimitThatItAlreadyExceeds() throws ProviderException {
        PoolDescription pool = provider.describe();

        assertThat(pool.limit().orElse(Integer.MAX_VALUE))
                .as("limit is the most nodes this pool may have, its present ones included, not how many more")
                .isGreaterThanOrEqualTo(pool.size());
    }

    // ---- grow ----

    @Test
    void growsToExactlyTheSize() throws ProviderException {
        provider.grow(SIZE + 2);

        assertThat(cloud.size())
                .as("after grow(5) the cloud has been asked for 5")
                .isEqualTo(SIZE + 2);
        cloud.letMachinesBoot();
        assertThat(cloud.machines()).as("and has 5 machines").hasSize(SIZE + 2);
    }

    @Test
    void keepsEveryMachineWhenItGrows() throws ProviderException {
        Set<String> before = cloud.machines();
        provider.grow(SIZE + 2);
        cloud.letMachinesBoot();

        assertThat(cloud.machines())
                .as("growing replaces no machine: each may host live servers")
                .containsAll(before);
    }

    @Test
    void growsOnceWhenAskedTwice() throws ProviderException {
        provider.grow(SIZE + 2);
        provider.grow(SIZE + 2);

        assertThat(cloud.size())
                .as("grow(n) names the size and not the difference: asked twice, it grows once")
                .isEqualTo(SIZE + 2);
    }

    @Test
    void leavesThePoolAloneWhenItHasTheSize() throws ProviderException {
        Set<String> before = cloud.machines();
        provider.grow(SIZE);

        assertThat(cloud.size())
                .as("grow to the present size is a success and changes nothing")
                .isEqualTo(SIZE);
        assertThat(cloud.machines()).isEqualTo(before);
    }

    @Test
    void refusesToLowerTheSize() {
        Set<String> before = cloud.machines();
        Throwable thrown = catchThrowable(() -> provider.grow(SIZE - 1));

        assertThat(thrown)
                .as("grow(n) below the present size is refused: a cloud that is told a smaller size removes machines of"
                        + " its own choice, with the servers on them")
                .isInstanceOf(ProviderException.InvalidRequest.class);
        assertThat(cloud.size()).as("a refused grow changes nothing").isEqualTo(SIZE);
        assertThat(cloud.machines()).as("a refused grow changes nothing").isEqualTo(before);
    }

    @Test
    void readsTheSizeAfreshBeforeItGrows() throws ProviderException {
        provider.describe();
        cloud.resizeBehindOurBack(SIZE + 5);
        Set<String> before = cloud.machines();
        Throwable thrown = catchThrowable(() -> provider.grow(SIZE + 2));

        assertThat(thrown)
                .as("somebody made the pool larger meanwhile: grow must read the size right before it orders")
                .isInstanceOf(ProviderException.InvalidRequest.class);
        assertThat(cloud.size()).as("the size that somebody else set stands").isEqualTo(SIZE + 5);
        assertThat(cloud.machines()).as("no machine is lost").isEqualTo(before);
    }

    @Test
    void reportsAQuotaAsSuch() {
        assumeTrue(cloud.limitTo(SIZE + 2, WORDS), "this cloud has no limit");
        Set<String> before = cloud.machines();
        Throwable thrown = catchThrowable(() -> provider.grow(SIZE + 6));

        assertThat(thrown)
                .as("a quota, or no such machines left, is QuotaExceeded: growth then backs off")
                .isInstanceOf(ProviderException.QuotaExceeded.class);
        assertThat(thrown).as("the message is what the cloud said").hasMessageContaining(WORDS);
        assertThat(cloud.size())
                .as("the cloud may give some of the nodes, and takes none away")
                .isBetween(SIZE, SIZE + 2);
        assertThat(cloud.machines()).as("a quota costs no machine").containsAll(before);
    }

    @Test
    void growsWithinAQuota() throws ProviderException {
        assumeTrue(cloud.limitTo(SIZE + 2, WORDS), "this cloud has no limit");
        provider.grow(SIZE + 2);

        assertThat(cloud.size()).as("the limit itself can be reached").isEqualTo(SIZE + 2);
        assertThat(provider.describe().limit().orElse(SIZE + 2))
                .as("a limit that is told is the most nodes that this pool can have")
                .isEqualTo(SIZE + 2);
    }

    // ---- delete ----

    @Test
    void deletesExactlyTheMachinesThatWereNamed() {
        List<String> machines = cloud.machineList();
        List<Deletion> results = provider.delete(List.of(machines.get(1)));
        cloud.letDeletionsFinish();

        assertThat(results).as("the deletion is taken").containsExactly(Deletion.done(machines.get(1)));
        assertThat(cloud.machines())
                .as("exactly the named machine goes; any other may host live servers")
                .containsExactlyInAnyOrder(machines.get(0), machines.get(2));
    }

    @Test
    void lowersTheSizeByOneForEachMachineItDeletes() throws ProviderException {
        List<String> machines = cloud.machineList();
        provider.delete(machines.subList(0, 2));

        assertThat(cloud.size())
                .as("each deletion lowers the size by one, or the cloud buys a replacement")
                .isEqualTo(SIZE - 2);
        assertThat(provider.describe().size())
                .as("describe().size() no longer counts a machine whose deletion the cloud has taken")
                .isEqualTo(SIZE - 2);
        cloud.letDeletionsFinish();
        cloud.letMachinesBoot();
        assertThat(cloud.machines()).as("no replacement comes").containsExactly(machines.get(2));
    }

    @Test
    void showsAMachineOnItsWayOutAsDeletingOrNotAtAll() throws ProviderException {
        String machine = cloud.machineList().get(0);
        provider.delete(List.of(machine));

        assertThat(byId(provider.describe(), machine).map(Instance::state).orElse(Instance.State.DELETING))
                .as("until it is gone, a machine that is being deleted is DELETING")
                .isEqualTo(Instance.State.DELETING);
        cloud.letDeletionsFinish();
        assertThat(byId(provider.describe(), machine))
                .as("a machine that is gone is not described")
                .isEmpty();
    }

    @Test
    void givesAResultForEachIdInTheirOrder() {
        List<String> machines = new ArrayList<>(cloud.machineList());
        machines.add(1, "a-machine-that-never-was");

        assertThat(provider.delete(machines).stream().map(Deletion::instanceId))
                .as("one result for each id, in the order of the ids")
                .containsExactlyElementsOf(machines);
    }

    @Test
    void deletesNothingWhenNothingIsNamed() {
        assertThat(provider.delete(List.of())).isEmpty();
        assertThat(cloud.size()).as("an empty list deletes nothing").isEqualTo(SIZE);
        assertThat(cloud.machines()).as("an empty list deletes nothing").hasSize(SIZE);
    }

    @Test
    void succeedsForAMachineThatIsAlreadyGone() {
        String machine = cloud.machineList().get(0);
        cloud.removeBehindOurBack(machine);
        cloud.letDeletionsFinish();

        assertThat(provider.delete(List.of(machine)))
                .as("deleting what is gone is a success: the call must be safe to repeat")
                .containsExactly(Deletion.done(machine));
        assertThat(cloud.size()).as("and does not lower the size again").isEqualTo(SIZE - 1);
        assertThat(cloud.machines()).as("nor cost another machine").hasSize(SIZE - 1);
    }

    @Test
    void succeedsForAMachineThatIsAlreadyBeingDeleted() {
        String machine = cloud.machineList().get(0);
        provider.delete(List.of(machine));

        assertThat(provider.delete(List.of(machine)))
                .as("deleting what is being deleted is a success")
                .containsExactly(Deletion.done(machine));
        cloud.letDeletionsFinish();
        assertThat(cloud.size()).as("the size is lowered once for one machine").isEqualTo(SIZE - 1);
        assertThat(cloud.machines())
                .as("no other machine pays for the repetition")
                .hasSize(SIZE - 1);
    }

    @Test
    void countsAnIdThatIsNamedTwiceOnce() {
        String machine = cloud.machineList().get(0);

        assertThat(provider.delete(List.of(machine, machine)))
                .as("the same id twice has two results")
                .containsExactly(Deletion.done(machine), Deletion.done(machine));
        cloud.letDeletionsFinish();
        assertThat(cloud.size()).as("and lowers the size once").isEqualTo(SIZE - 1);
        assertThat(cloud.machines()).as("and costs one machine").hasSize(SIZE - 1);
    }

    @Test
    void deletesAMachineThatIsStillBooting() throws ProviderException {
        Set<String> before = cloud.machines();
        provider.grow(SIZE + 1);
        Set<String> ordered = new TreeSet<>(cloud.machines());
        ordered.removeAll(before);
        assumeTrue(ordered.size() == 1, "the cloud shows machines only once they are up");

        assertThat(provider.delete(List.copyOf(ordered)))
                .as("a machine that never came up is deleted by its id like any other")
                .allSatisfy(result -> assertThat(result.error()).isEmpty());
        cloud.letDeletionsFinish();
        cloud.letMachinesBoot();
        assertThat(cloud.machines()).as("the others stay").isEqualTo(before);
        assertThat(cloud.size()).as("and the size is as before").isEqualTo(SIZE);
    }

    @Test
    void lowersTheSizeThatIsNowWhenOthersResizedThePool() {
        String machine = cloud.machineList().get(0);
        cloud.resizeBehindOurBack(SIZE + 4);
        provider.delete(List.of(machine));

        assertThat(cloud.size())
                .as("a deletion lowers the present size by one; it does not restore an older one")
                .isEqualTo(SIZE + 3);
    }

    @Test
    void carriesOnWhenOneDeletionFails() {
        List<String> machines = cloud.machineList();
        assumeTrue(cloud.failDeletionOf(machines.get(0), WORDS), "single deletions of this cloud cannot fail");
        List<Deletion> results = provider.delete(machines);
        cloud.letDeletionsFinish();

        assertThat(cloud.machines())
                .as("one failed deletion does not stop the others")
                .containsExactly(machines.get(0));
        assertThat(results.get(0).error())
                .as("the failure is in the result of its machine, with what the cloud said")
                .hasValueSatisfying(error -> assertThat(error).hasMessageContaining(WORDS));
        assertThat(results.subList(1, SIZE))
                .as("the results of the others tell their success")
                .allSatisfy(result -> assertThat(result.error()).isEmpty());
        assertThat(cloud.size()).as("a failed deletion does not lower the size").isEqualTo(1);
    }

    // ---- errors ----

    @ParameterizedTest
    @EnumSource
    void throwsTheTypedErrorOnDescribe(Failure failure) {
        assumeTrue(cloud.fail(failure, WORDS), "this cloud cannot fail so");
        Throwable thrown = catchThrowable(provider::describe);

        assertIsTyped(failure, thrown);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ANSWER_LOST")
    void throwsTheTypedErrorOnGrowAndOrdersNothing(Failure failure) {
        assumeTrue(cloud.fail(failure, WORDS), "this cloud cannot fail so");
        Throwable thrown = catchThrowable(() -> provider.grow(SIZE + 1));

        assertIsTyped(failure, thrown);
        assertThat(cloud.size()).as("a grow that failed so has ordered nothing").isEqualTo(SIZE);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ANSWER_LOST")
    void returnsTheTypedErrorForEachDeletion(Failure failure) {
        List<String> machines = cloud.machineList();
        assumeTrue(cloud.fail(failure, WORDS), "this cloud cannot fail so");
        List<Deletion> results = provider.delete(machines);

        assertThat(results.stream().map(Deletion::instanceId))
                .as("delete throws nothing; it has a result for each id")
                .containsExactlyElementsOf(machines);
        // a pool that is gone has no machines either: for that, success is right too
        if (failure != Failure.POOL_NOT_FOUND || results.get(0).error().isPresent()) {
            assertThat(results)
                    .as("no machine was deleted, and each result says so with the typed error")
                    .allSatisfy(result -> assertThat(result.error()).containsInstanceOf(typeOf(failure)));
            assertIsTyped(failure, results.get(0).error().orElseThrow());
        }
        assertThat(cloud.machines()).as("no machine was deleted").hasSize(SIZE);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ANSWER_LOST")
    void worksAgainWhenTheFailureEnds(Failure failure) throws ProviderException {
        assumeTrue(cloud.fail(failure, WORDS), "this cloud cannot fail so");
        assertThat(catchThrowable(() -> provider.grow(SIZE + 1))).isNotNull();
        cloud.recover();
        cloud.letTimePass(CloudUnderTest.LONGEST_WAIT);
        provider.grow(SIZE + 1);

        assertThat(cloud.size())
                .as("an error leaves nothing behind in the provider: the next call works")
                .isEqualTo(SIZE + 1);
    }

    @Test
    void growsOnceWhenTheAnswerWasLost() throws ProviderException {
        assumeTrue(cloud.fail(Failure.ANSWER_LOST, WORDS), "this cloud cannot lose an answer");
        Throwable thrown = catchThrowable(() -> provider.grow(SIZE + 1));
        cloud.recover();
        provider.grow(SIZE + 1);

        assertThat(thrown == null || thrown instanceof ProviderException.Transient)
                .as("an answer that was lost is Transient, unless a repetition found out more: %s", thrown)
                .isTrue();
        assertThat(cloud.size())
                .as("the cloud may have taken the order; repeating it must not order again")
                .isEqualTo(SIZE + 1);
    }

    @Test
    void deletesOnceWhenTheAnswerWasLost() {
        String machine = cloud.machineList().get(0);
        assumeTrue(cloud.fail(Failure.ANSWER_LOST, WORDS), "this cloud cannot lose an answer");
        provider.delete(List.of(machine));
        cloud.recover();

        assertThat(provider.delete(List.of(machine)))
                .as("the cloud may have taken the deletion; repeating it is a success")
                .containsExactly(Deletion.done(machine));
        cloud.letDeletionsFinish();
        assertThat(cloud.size()).as("and lowers the size once").isEqualTo(SIZE - 1);
        assertThat(cloud.machines()).as("and costs one machine").hasSize(SIZE - 1);
    }

    @Test
    void saysHowLongToWaitWhenItWasRateLimited() {
        assumeTrue(cloud.fail(Failure.RATE_LIMITED, WORDS), "this cloud has no rate limit");
        ProviderException.RateLimited limited =
                catchThrowableOfType(ProviderException.RateLimited.class, provider::describe);

        assertThat(limited).as("too many requests is RateLimited").isNotNull();
        assertThat(limited.retryAfter())
                .as("retryAfter is the wait that the cloud asks for")
                .isPositive()
                .isLessThanOrEqualTo(CloudUnderTest.LONGEST_WAIT);
    }

    @Test
    void sendsNothingWhileTheCloudAskedToWait() {
        assumeTrue(cloud.requests().isPresent(), "nobody counts the requests to this cloud");
        assumeTrue(cloud.fail(Failure.RATE_LIMITED, WORDS), "this cloud has no rate limit");
        assertThat(catchThrowable(provider::describe)).isInstanceOf(ProviderException.RateLimited.class);
        int before = cloud.requests().orElseThrow();
        Throwable second = catchThrowable(provider::describe);

        assertThat(cloud.requests().orElseThrow())
                .as("nothing is sent until the time to wait is over: the cloud would only make it longer")
                .isEqualTo(before);
        assertThat(second).as("the call says so at once").isInstanceOf(ProviderException.RateLimited.class);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.INCLUDE,
            names = {"SILENT", "ANSWER_LOST", "GARBLED"})
    void endsEveryCallInTime(Failure failure) {
        assumeTrue(cloud.fail(failure, WORDS), "this cloud cannot fail so");

        // a call has a time limit, retries included; one without ends with the time limit of this class
        assertThat(catchThrowable(provider::describe)).isInstanceOf(ProviderException.Transient.class);
    }

    @Test
    void endsEarlyWhenItsThreadIsInterrupted() {
        assumeTrue(cloud.fail(Failure.SILENT, WORDS), "this cloud always answers");
        int before = cloud.requests().orElse(0);
        Thread.currentThread().interrupt();
        Throwable thrown = catchThrowable(provider::describe);
        // what the provider does with the flag is its own business; it must not reach the next test
        boolean flagged = Thread.interrupted();

        assertThat(thrown)
                .as("an interrupted call is Transient (flag still set: %s)", flagged)
                .isInstanceOf(ProviderException.Transient.class);
        assertThat(cloud.requests().orElse(0) - before)
                .as("an interrupted call repeats nothing: the scaler has 10 s to stop")
                .isLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void showsNoSecretEvenWhenTheCloudRepeatsIt(Failure failure) {
        assumeTrue(!cloud.secrets().isEmpty(), "the provider was given no secret");
        String secret = cloud.secrets().iterator().next();
        assumeTrue(cloud.fail(failure, WORDS + " " + secret), "this cloud cannot fail so");
        List<Throwable> errors = new ArrayList<>();
        errors.add(catchThrowable(provider::describe));
        cloud.letTimePass(CloudUnderTest.LONGEST_WAIT);
        provider.delete(cloud.machineList()).forEach(result -> result.error().ifPresent(errors::add));
        List<Finding> findings = provider.preflight(SIZE + 1);

        assertThat(errors)
                .allSatisfy(error -> assertThat(everything(error))
                        .as("an error shows no secret: not in its message, nor in those of its causes")
                        .doesNotContain(cloud.secrets()));
        assertThat(findings.toString()).as("a finding shows no secret").doesNotContain(cloud.secrets());
    }

    @Test
    void changesNothingWhenItMayNotWrite() throws ProviderException {
        List<String> machines = cloud.machineList();
        assumeTrue(cloud.forbidWrites(), "the fixture does not hand over mayWrite");
        Throwable thrown = catchThrowable(() -> provider.grow(SIZE + 1));
        List<Deletion> results = provider.delete(machines);

        assertThat(thrown)
                .as("mayWrite is asked right before each request that changes something; a no is Transient")
                .isInstanceOf(ProviderException.Transient.class);
        assertThat(results)
                .as("so it is for each deletion")
                .allSatisfy(result -> assertThat(result.error()).containsInstanceOf(ProviderException.Transient.class));
        assertThat(cloud.size()).as("nothing was ordered or deleted").isEqualTo(SIZE);
        assertThat(cloud.machineList()).as("nothing was deleted").isEqualTo(machines);
        assertThat(provider.describe().size()).as("reading goes on").isEqualTo(SIZE);
    }

    // ---- preflight and close ----

    @Test
    void findsNothingWrongWithAPoolThatWorks() {
        assertThat(provider.preflight(SIZE + 1))
                .as("preflight of a pool that works looks at something and finds no error")
                .isNotEmpty()
                .noneMatch(finding -> finding.severity() == Finding.Severity.ERROR);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.INCLUDE,
            names = {"UNAUTHORIZED", "POOL_NOT_FOUND"})
    void findsWhatAPersonMustMend(Failure failure) {
        assumeTrue(cloud.fail(failure, WORDS), "this cloud cannot fail so");

        assertThat(provider.preflight(SIZE + 1))
                .as("preflight throws nothing for what the cloud answers; it reports an ERROR")
                .anyMatch(finding -> finding.severity() == Finding.Severity.ERROR);
    }

    @ParameterizedTest
    @EnumSource
    void neverThrowsFromPreflight(Failure failure) {
        assumeTrue(cloud.fail(failure, WORDS), "this cloud cannot fail so");

        assertThat(provider.preflight(SIZE + 1))
                .as("preflight reports what it could not look at")
                .anyMatch(finding -> finding.severity() != Finding.Severity.OK);
    }

    @Test
    void warnsOfAMaximumThatTheCloudWillNotGive() throws ProviderException {
        assumeTrue(cloud.limitTo(SIZE + 2, WORDS), "this cloud has no limit");
        assumeTrue(provider.describe().limit().isPresent(), "this cloud does not tell its limit");

        assertThat(provider.preflight(SIZE + 6))
                .as("a maximum above the cloud's limit is a finding")
                .anyMatch(finding -> finding.severity() != Finding.Severity.OK);
    }

    @Test
    void changesNothingInPreflight() {
        Set<String> before = cloud.machines();
        provider.preflight(SIZE + 6);

        assertThat(cloud.size()).as("preflight only reads").isEqualTo(SIZE);
        assertThat(cloud.machines()).as("preflight only reads").isEqualTo(before);
    }

    @Test
    void canBeClosedTwice() {
        provider.close();
        provider.close();

        assertThat(cloud.machines()).as("closing a provider touches no machine").hasSize(SIZE);
    }

    // ---- how the rules look ----

    private static void assertIsTyped(Failure failure, Throwable thrown) {
        assertThat(thrown)
                .as(
                        "%s must be a ProviderException.%s: the kind tells the scaler what to do",
                        failure, typeOf(failure).getSimpleName())
                .isInstanceOf(typeOf(failure));
        if (hasWords(failure)) {
            assertThat(thrown).as("the message is what the cloud said").hasMessageContaining(WORDS);
        } else {
            assertThat(thrown.getMessage()).as("the message says what happened").isNotBlank();
        }
    }

    private static Class<? extends ProviderException> typeOf(Failure failure) {
        return switch (failure) {
            case UNAUTHORIZED -> ProviderException.Unauthorized.class;
            case POOL_NOT_FOUND -> ProviderException.NotFound.class;
            case RATE_LIMITED -> ProviderException.RateLimited.class;
            case UNAVAILABLE, GARBLED, SILENT, ANSWER_LOST -> ProviderException.Transient.class;
        };
    }

    private static boolean hasWords(Failure failure) {
        return switch (failure) {
            case UNAUTHORIZED, POOL_NOT_FOUND, RATE_LIMITED, UNAVAILABLE -> true;
            case GARBLED, SILENT, ANSWER_LOST -> false;
        };
    }

    private static List<String> ids(List<Instance> instances) {
        return instances.stream().map(Instance::id).toList();
    }

    private static Optional<Instance> byId(PoolDescription pool, String id) {
        return pool.instances().stream()
                .filter(instance -> instance.id().equals(id))
                .findFirst();
    }

    private static Predicate<Instance> is(Instance.State state) {
        return instance -> instance.state() == state;
    }

    private static String everything(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }
}
