package io.kubescaler.app.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.kubescaler.app.observe.SecretMask;
import io.kubescaler.model.Instance;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.provider.Deletion;
import io.kubescaler.provider.Finding;
import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.NodePoolProviderFactory;
import io.kubescaler.provider.NodePoolProviderFactory.Problem;
import io.kubescaler.provider.ProviderContext;
import io.kubescaler.provider.ProviderException;
import io.kubescaler.provider.ProviderException.InvalidRequest;
import io.kubescaler.provider.ProviderException.NotFound;
import io.kubescaler.provider.ProviderException.QuotaExceeded;
import io.kubescaler.provider.ProviderException.RateLimited;
import io.kubescaler.provider.ProviderException.Transient;
import io.kubescaler.provider.ProviderException.Unauthorized;
import io.kubescaler.provider.Secret;
import io.kubescaler.provider.Setting;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuardedProviderTest {
    private static final String TOKEN = "s3cret-token";
    private static final PoolDescription POOL =
            new PoolDescription(0, List.of(), Optional.empty(), Optional.empty(), OptionalInt.empty());

    private final ClassLoader loader = new URLClassLoader(new URL[0], ClassLoader.getPlatformClassLoader());
    private final FakePlugin plugin = new FakePlugin();
    private final GuardedFactory factory =
            new GuardedFactory(plugin, new PluginBoundary("bad.jar", loader, SecretMask.NONE));
    private final NodePoolProvider provider = factory.create(context());

    static Stream<Throwable> undeclared() {
        return Stream.of(
                new IllegalStateException("boom"),
                new NoSuchMethodError("boom"),
                new NoClassDefFoundError("boom"),
                new AssertionError("boom"),
                new StackOverflowError("boom"),
                new java.io.IOException("boom"));
    }

    @ParameterizedTest
    @MethodSource("undeclared")
    void becomesTransientAndNamesThePluginWhenItThrowsWhatItMayNot(Throwable thrown) {
        plugin.behaviour = () -> {
            throw GuardedProviderTest.<RuntimeException>sneaky(thrown);
        };

        assertThatThrownBy(provider::describe)
                .isInstanceOf(Transient.class)
                .hasMessageContaining("bad.jar")
                .hasMessageContaining("describe")
                .hasMessageContaining("boom")
                .hasCause(thrown);
        assertThatThrownBy(() -> provider.grow(3)).isInstanceOf(Transient.class);
        assertThat(provider.delete(List.of("a", "b")))
                .hasSize(2)
                .allSatisfy(deletion -> assertThat(deletion.error())
                        .containsInstanceOf(Transient.class)
                        .hasValueSatisfying(error -> assertThat(error).hasMessageContaining("bad.jar")));
        assertThat(provider.preflight(3)).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Finding.Severity.ERROR);
            assertThat(finding.toString()).contains("bad.jar").contains("boom");
        });
        provider.close();
    }

    @Test
    void endsTheProgramWhenMemoryIsOut() {
        OutOfMemoryError thrown = new OutOfMemoryError("not the plug-in's alone");
        plugin.behaviour = () -> {
            throw GuardedProviderTest.<RuntimeException>sneaky(thrown);
        };

        assertThat(catchThrowable(provider::describe)).isSameAs(thrown);
    }

    @Test
    void keepsTheInterruptionThatAPluginCaught() {
        plugin.behaviour = () -> {
            throw GuardedProviderTest.<RuntimeException>sneaky(new InterruptedException());
        };

        assertThatThrownBy(provider::describe).isInstanceOf(Transient.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void isTransientWhenAnInstanceHasANullInIt(int which) {
        Object[] given = {"i-1", Optional.empty(), Optional.empty(), Instance.State.RUNNING, "", Instant.EPOCH};
        given[which] = null;
        plugin.behaviour = () -> new PoolDescription(
                1,
                List.of((Instance) Instance.class.getConstructors()[0].newInstance(given)),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty());

        assertThatThrownBy(provider::describe).isInstanceOf(Transient.class).hasMessageContaining("bad.jar");
    }

    @Test
    void isTransientWhenNullIsReturned() {
        plugin.behaviour = () -> null;

        assertThatThrownBy(provider::describe)
                .isInstanceOf(Transient.class)
                .hasMessage("the plug-in bad.jar returned null from describe");
    }

    @Test
    void callsThePluginWithItsOwnContextClassLoader() throws ProviderException {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        List<ClassLoader> seen = new ArrayList<>();
        plugin.behaviour = () -> {
            seen.add(Thread.currentThread().getContextClassLoader());
            return POOL;
        };
        provider.describe();

        assertThat(seen).containsExactly(loader);
        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
    }

    static Stream<ProviderException> declared() {
        return Stream.of(
                new Unauthorized("no " + TOKEN),
                new NotFound("no " + TOKEN),
                new QuotaExceeded("no " + TOKEN),
                new RateLimited("no " + TOKEN, Duration.ofSeconds(7)),
                new RateLimited("no " + TOKEN, Duration.ofSeconds(7), RateLimited.Scope.DELETIONS),
                new Transient("no " + TOKEN),
                new InvalidRequest("no " + TOKEN));
    }

    @ParameterizedTest
    @MethodSource("declared")
    void keepsTheKindAndMasksTheSecretOfWhatItThrows(ProviderException thrown) {
        plugin.behaviour = () -> {
            throw GuardedProviderTest.<RuntimeException>sneaky(thrown);
        };
        Throwable seen = catchThrowable(provider::describe);

        assertThat(seen).isExactlyInstanceOf(thrown.getClass()).hasMessage("no ***");
        assertThat(((ProviderException) seen).waitBeforeNext()).isEqualTo(thrown.waitBeforeNext());
    }

    @Test
    void masksTheSecretInEveryOtherAnswer() throws ProviderException {
        plugin.deletions = List.of(Deletion.failed("a", new NotFound(TOKEN)));
        plugin.findings = List.of(Finding.error("token", TOKEN));
        plugin.problems = List.of(new Problem("cloud-provider-token", TOKEN + " is malformed"));

        plugin.behaviour = () -> POOL.withInstances(List.of(new Instance(
                "a",
                Optional.empty(),
                Optional.empty(),
                Instance.State.FAILED,
                "GET /?token=" + TOKEN,
                Instant.EPOCH)));

        assertThat(provider.describe().instances().get(0).message()).isEqualTo("GET /?token=***");
        assertThat(provider.describeForOrder().instances().get(0).message()).isEqualTo("GET /?token=***");
        assertThat(provider.delete(List.of("a")).get(0).error().orElseThrow()).hasMessage("***");
        assertThat(provider.preflight(1)).containsExactly(Finding.error("token", "***"));
        assertThat(factory.validate(context()))
                .containsExactly(new Problem("cloud-provider-token", "*** is malformed"));
    }

    @Test
    void givesAResultForEachIdInTheirOrderWhateverThePluginReturns() {
        plugin.deletions = List.of(Deletion.done("c"), Deletion.done("a"), Deletion.done("x"));

        List<Deletion> results = provider.delete(List.of("a", "b", "c"));

        assertThat(results).extracting(Deletion::instanceId).containsExactly("a", "b", "c");
        assertThat(results.get(0).error()).isEmpty();
        assertThat(results.get(1).error())
                .hasValueSatisfying(error -> assertThat(error).hasMessageContaining("bad.jar gave no result"));
        assertThat(results.get(2).error()).isEmpty();
    }

    @Test
    void reportsAFactoryThatThrowsAsAProblemAndAsAnError() {
        plugin.factoryBehaviour = () -> {
            throw GuardedProviderTest.<RuntimeException>sneaky(new IllegalStateException("boom " + TOKEN));
        };

        assertThat(factory.validate(context())).singleElement().satisfies(problem -> {
            assertThat(problem.key()).isEqualTo("cloud-provider");
            assertThat(problem.message()).contains("bad.jar").contains("boom ***");
        });
        assertThatThrownBy(() -> factory.create(context()))
                .isInstanceOf(PluginException.class)
                .hasMessageContaining("bad.jar")
                .hasMessageContaining("boom ***");
    }

    private static ProviderContext context() {
        return new ProviderContext(
                Optional.empty(), "pool", Optional.of(new Secret(TOKEN)), Map.of(), "test", Clock.systemUTC());
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException sneaky(Throwable thrown) throws E {
        throw (E) thrown;
    }

    /** A plug-in that does what a test says. */
    private static final class FakePlugin implements NodePoolProviderFactory, NodePoolProvider {
        private Callable<PoolDescription> behaviour = () -> POOL;
        private Callable<Boolean> factoryBehaviour = () -> true;
        private List<Deletion> deletions = List.of();
        private List<Finding> findings = List.of();
        private List<Problem> problems = List.of();

        @Override
        public String name() {
            return "fake";
        }

        @Override
        public String description() {
            return "a fake";
        }

        @Override
        public List<Setting> settings() {
            return List.of();
        }

        @Override
        public List<Problem> validate(ProviderContext context) {
            does(factoryBehaviour);
            return problems;
        }

        @Override
        public NodePoolProvider create(ProviderContext context) {
            does(factoryBehaviour);
            return this;
        }

        @Override
        public PoolDescription describe() {
            return does(behaviour);
        }

        @Override
        public void grow(int size) {
            does(behaviour);
        }

        @Override
        public List<Deletion> delete(List<String> instanceIds) {
            does(behaviour);
            return deletions;
        }

        @Override
        public List<Finding> preflight(int maximum) {
            does(behaviour);
            return findings;
        }

        @Override
        public void close() {
            does(behaviour);
        }

        private static <T> T does(Callable<T> behaviour) {
            try {
                return behaviour.call();
            } catch (Exception thrown) {
                throw GuardedProviderTest.<RuntimeException>sneaky(thrown);
            }
        }
    }
}
