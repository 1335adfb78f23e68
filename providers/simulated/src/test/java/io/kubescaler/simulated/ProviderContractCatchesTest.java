package io.kubescaler.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.kubescaler.model.Instance;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.provider.Deletion;
import io.kubescaler.provider.Finding;
import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.ProviderException;
import io.kubescaler.testing.CloudUnderTest;
import io.kubescaler.testing.NodePoolProviderContract;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary.Failure;

/** The contract suite catches providers that break it: each rule here has a provider that breaks just that one. */
class ProviderContractCatchesTest {
    @Test
    void aProviderThatResizesBlindly() {
        assertThat(rulesBrokenBy(ResizesBlindly.class))
                .contains("refusesToLowerTheSize", "readsTheSizeAfreshBeforeItGrows");
    }

    @Test
    void aProviderThatRemembersThePool() {
        assertThat(rulesBrokenBy(RemembersThePool.class))
                .contains("seesWhatOthersDidToThePool", "countsOrderedMachinesIntoTheSizeWhileTheyBoot");
    }

    @Test
    void aProviderThatShrinksInsteadOfDeleting() {
        assertThat(rulesBrokenBy(ShrinksInsteadOfDeleting.class))
                .contains("deletesExactlyTheMachinesThatWereNamed", "succeedsForAMachineThatIsAlreadyGone");
    }

    @Test
    void aProviderThatReplacesWhatItDeletes() {
        assertThat(rulesBrokenBy(ReplacesWhatItDeletes.class)).contains("lowersTheSizeByOneForEachMachineItDeletes");
    }

    @Test
    void aProviderThatStopsAtTheFirstFailedDeletion() {
        assertThat(rulesBrokenBy(StopsAtTheFirstFailedDeletion.class)).containsExactly("carriesOnWhenOneDeletionFails");
    }

    @Test
    void aProviderThatFailsForWhatIsGone() {
        assertThat(rulesBrokenBy(FailsForWhatIsGone.class)).contains("succeedsForAMachineThatIsAlreadyGone");
    }

    @Test
    void aProviderThatCountsOnlyWhatRuns() {
        assertThat(rulesBrokenBy(CountsOnlyWhatRuns.class)).contains("countsOrderedMachinesIntoTheSizeWhileTheyBoot");
    }

    @Test
    void aProviderThatLosesTheLastPage() {
        assertThat(rulesBrokenBy(LosesTheLastPage.class)).contains("describesManyMachinesWithoutLosingAny");
    }

    @Test
    void aProviderThatDatesMachinesAnew() {
        assertThat(rulesBrokenBy(DatesMachinesAnew.class)).containsExactly("tellsWhenEachMachineWasOrdered");
    }

    @Test
    void aProviderWhoseErrorsAreAllTransient() {
        assertThat(rulesBrokenBy(AllTransient.class))
                .contains("throwsTheTypedErrorOnDescribe", "saysHowLongToWaitWhenItWasRateLimited");
    }

    @Test
    void aProviderThatShowsItsToken() {
        assertThat(rulesBrokenBy(ShowsItsToken.class)).containsExactly("showsNoSecretEvenWhenTheCloudRepeatsIt");
    }

    @Test
    void aProviderThatFindsNothingWrong() {
        assertThat(rulesBrokenBy(FindsNothingWrong.class))
                .contains("findsWhatAPersonMustMend", "neverThrowsFromPreflight");
    }

    @Test
    void noneThatKeepsIt() {
        assertThat(rulesBrokenBy(KeepsIt.class)).isEmpty();
    }

    private static Set<String> rulesBrokenBy(Class<?> suite) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(suite))
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        assertThat(listener.getSummary().getTestsStartedCount()).isGreaterThan(80);
        return listener.getSummary().getFailures().stream()
                .map(Failure::getTestIdentifier)
                .map(test -> test.getSource()
                        .map(MethodSource.class::cast)
                        .map(MethodSource::getMethodName)
                        .orElseThrow())
                .collect(Collectors.toSet());
    }

    /** The contract of a provider made from the simulated one. */
    abstract static class Suite extends NodePoolProviderContract {
        abstract NodePoolProvider provider(SimulatedCloud cloud, SimulatedProvider sound);

        @Override
        protected CloudUnderTest cloudWith(int machines) {
            return new SimulatedCloudUnderTest(machines, this::provider);
        }
    }

    /** Does what the sound one does, but for what is overridden. */
    private static class Like implements NodePoolProvider {
        final SimulatedProvider sound;

        Like(SimulatedProvider sound) {
            this.sound = sound;
        }

        @Override
        public PoolDescription describe() throws ProviderException {
            return sound.describe();
        }

        @Override
        public void grow(int size) throws ProviderException {
            sound.grow(size);
        }

        @Override
        public List<Deletion> delete(List<String> instanceIds) {
            return sound.delete(instanceIds);
        }

        @Override
        public List<Finding> preflight(int maximum) {
            return sound.preflight(maximum);
        }

        @Override
        public void close() {
            sound.close();
        }
    }

    static final class KeepsIt extends Suite {
        @Override
        NodePoolProvider provider(SimulatedCloud cloud, SimulatedProvider sound) {
            return new Like(sound);
        }
    }

    static final class ResizesBlindly extends Suite {
        @Override
        NodePoolProvider provider(SimulatedCloud cloud, SimulatedProvider sound) {
            return new Like(sound) {
                @Override
                public void grow(int size) throws ProviderException {
                    sound.describe();
                    cloud.resizeByOthers(size);
                }
            };
        }
    }

    static final class RemembersThePool extends Suite {
        @Override
        NodePoolProvider provider(SimulatedCloud cloud, SimulatedProvider sound) {
            return new Like(sound) {
                private Optional<PoolDescription> remembered = Optional.empty();

                @Override
                public PoolDescription describe() throws ProviderException {
                    if (remembered.isEmpty()) {
                        remembered = Optional.of(sound.describe());
                    }
                    return remembered.get();
                }

                @Override
                public void grow(int size) throws ProviderException {
                    describe();
                    sound.grow(size);
                }
            };
        }
    }

    static final class ShrinksInsteadOfDeleting extends Suite {
        @Override
        NodePoolProvider provider(SimulatedCloud cloud, SimulatedProvider sound) {
            return new Like(sound) {
                @Override
                public List<Deletion> delete(List<String> instanceIds) {
                    cloud.resizeByOthers(Math.max(0, cloud.size() - instanceIds.size()));
                    return instanceIds.stream().map(Deletion::done).toList();
                }
            };
        }
    }

    static final class ReplacesWhatItDeletes extends Suite {
        @Override
        NodePoolProvider provider(SimulatedCloud cloud, SimulatedProvider sound) {
            return new Like(sound) {
                @Override
                public List<Deletion> delete(List<String> instanceIds) {
                    int size = cloud.size();
                    List<Deletion> results = sound.delete(instanceIds);
                    cloud.resizeByOthers(size);
                    return results;
                }
            };
        }
    }

    static final class StopsAtTheFirstFailedDeletion extends Suite {
        @Override
        NodePoolProvider provider(SimulatedCloud cloud, SimulatedProvider sound) {
            return new Like(sound) {
                @Override
                public List<Deletion> delete(List<String> instanceIds) {
                    List<Deletion> results = new ArrayList<>();
                    Optional<ProviderException> failure = Optional.empty();
                    for (String id : instanceIds) {
                        Deletion result = failure.map(error -> Deletion.failed(id, error))
                                .orElseGet(() -> sound.delete(List.of(id)).get(0));
                        failure = result.error();
                        results.add(result);
                    }
                    return results;
                }
            };
        }
    }

    static final class FailsForWhatIsGone extends Suite {
        @Override
        NodePoolProvider provider(SimulatedCloud cloud, SimulatedProvider sound) {
            return new Like(sound) {
                @Override
                public List<Deletion> delete(List<String> instanceIds) {
                    return instanceIds.stream()
                            .map(id -> cloud.machines().contains(id)
                                    ? sound.delete(List.of(id)).get(0)
                                    : Deletion.failed(id, new ProviderException.NotFound("no machine " + id)))
                            .toList();
                }
            };
        }
    }

    static final class CountsOnlyWhatRuns extends Suite {
        @Override
        NodePoolProvider provider(SimulatedCloud cloud, SimulatedProvider sound) {
            return describing(sound, pool -> {
                int running = (int) pool.instances().stream()
                        .filter(machine -> machine.state() == Instance.State.RUNNING)
                        .count();
                return new PoolDescription(
                        running, pool.instances(), pool.instanceIdLabel(), pool.template(), OptionalInt.empty());
            });
        }
    }

    static final class LosesTheLastPage extends Suite {
        @Override
        NodePoolProvider provider(SimulatedCloud cloud, SimulatedProvider sound) {
            return describing(
                    sound,
                    pool -> withInstances(
                            pool, pool.instances().stream().limit(50).toList()));
        }
    }

    static final class DatesMachinesAnew extends Suite {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        NodePoolProvider provider(SimulatedCloud cloud, SimulatedProvider sound) {
            return describing(sound, pool -> {
                now = now.plusSeconds(1);
                return withInstances(
                        pool, pool.instances().stream().map(this::dated).toList());
            });
        }

        private Instance dated(Instance machine) {
            return new Instance(
                    machine.id(), machine.providerId(), machine.nodeName(), machine.state(), machine.message(), now);
        }
    }

    static final class AllTransient extends Suite {
        @Override
        NodePoolProvider provider(SimulatedCloud cloud, SimulatedProvider sound) {
            return new Like(sound) {
                @Override
                public PoolDescription describe() throws ProviderException {
                    try {
                        return sound.describe();
                    } catch (ProviderException e) {
                        throw new ProviderException.Transient(String.valueOf(e.getMessage()), e);
                    }
                }
            };
        }
    }

    static final class ShowsItsToken extends Suite {
        @Override
        NodePoolProvider provider(SimulatedCloud cloud, SimulatedProvider sound) {
            return new Like(sound) {
                @Override
                public List<Finding> preflight(int maximum) {
                    List<Finding> findings = new ArrayList<>(sound.preflight(maximum));
                    findings.add(Finding.ok("token", SimulatedCloudUnderTest.TOKEN));
                    return findings;
                }
            };
        }
    }

    static final class FindsNothingWrong extends Suite {
        @Override
        NodePoolProvider provider(SimulatedCloud cloud, SimulatedProvider sound) {
            return new Like(sound) {
                @Override
                public List<Finding> preflight(int maximum) {
                    return List.of(Finding.ok("node pool", "is there"));
                }
            };
        }
    }

    /** What a broken provider makes of what the cloud says. */
    @FunctionalInterface
    private interface Distortion {
        PoolDescription of(PoolDescription pool);
    }

    private static NodePoolProvider describing(SimulatedProvider sound, Distortion distortion) {
        return new Like(sound) {
            @Override
            public PoolDescription describe() throws ProviderException {
                return distortion.of(sound.describe());
            }
        };
    }

    private static PoolDescription withInstances(PoolDescription pool, List<Instance> instances) {
        return new PoolDescription(pool.size(), instances, pool.instanceIdLabel(), pool.template(), pool.limit());
    }
}
