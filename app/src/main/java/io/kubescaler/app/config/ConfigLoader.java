package io.kubescaler.app.config;

import com.typesafe.config.ConfigObject;
import io.kubescaler.app.config.Layers.KnownVariable;
import io.kubescaler.app.config.Settings.HttpSettings;
import io.kubescaler.app.config.Settings.LeaderElectionSettings;
import io.kubescaler.app.config.Settings.LogSettings;
import io.kubescaler.app.config.Settings.PoolSettings;
import io.kubescaler.kubernetes.client.KubernetesSettings;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.TimeBudget;
import io.kubescaler.provider.NodePoolProviderFactory;
import io.kubescaler.provider.Setting;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Reads the configuration from all its sources, checks all of it and either returns it or says everything that is
 * wrong. Reads the files that it is pointed to and nothing else; reaches no network. Thread-safe.
 */
public final class ConfigLoader {
    private final List<NodePoolProviderFactory> providers;
    private final String userAgent;
    private final Clock clock;
    private final LongSupplier nanoTime;

    /**
     * @param providers the providers that were found, which check their own settings
     * @param userAgent what providers are to call themselves towards their cloud
     * @param clock the time for the providers
     */
    public ConfigLoader(List<NodePoolProviderFactory> providers, String userAgent, Clock clock) {
        this(providers, userAgent, clock, System::nanoTime);
    }

    ConfigLoader(List<NodePoolProviderFactory> providers, String userAgent, Clock clock, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.providers = List.copyOf(providers);
        this.userAgent = userAgent;
        this.clock = clock;
    }

    /**
     * Reads and checks.
     *
     * @throws ConfigurationException with every problem there is
     */
    public Configuration load(Sources sources, Purpose purpose) throws ConfigurationException {
        Problems problems = new Problems();
        ConfigObject root = new Layers(sources, variables(), problems).read();
        new UnknownKeys(providers, problems).find(root);
        ConfigObject shared = root.toConfig().getObject(Layers.ROOT);

        SecretFiles secretFiles = new SecretFiles(nanoTime);
        ScalerReader scaler = new ScalerReader(
                new Values(shared, Optional.empty(), problems, sources, secretFiles), sources.inCluster(), purpose);
        KubernetesSettings kubernetes = scaler.kubernetes();
        Optional<LeaderElectionSettings> leaderElection = scaler.leaderElection();
        Optional<HttpSettings> http = scaler.http();
        Optional<LogSettings> log = scaler.log();
        Optional<Duration> tick = scaler.tick();
        Optional<Path> stateFolder = scaler.stateFolder();
        Optional<Boolean> dryRun = scaler.dryRun();
        ProviderReader.Maker maker = new ProviderReader.Maker(
                userAgent,
                leaderElection
                        .filter(election -> election.lease().isPresent())
                        .map(election -> election.timing().longestWrite())
                        .filter(longest -> longest.compareTo(TimeBudget.NODE_WRITE) >= 0),
                clock);
        PoolReader pool = new PoolReader(new ProviderReader(shared, providers, problems, maker), tick);
        List<PoolSettings> pools = new PoolsReader(shared, problems, sources, secretFiles, pool).read(purpose);

        problems.throwIfAny();
        Settings settings = new Settings(
                pools,
                kubernetes,
                leaderElection.orElseThrow(),
                http.orElseThrow(),
                log.orElseThrow(),
                tick.orElseThrow(),
                stateFolder.orElseThrow(),
                dryRun.orElseThrow());
        return new Configuration(settings, new EffectiveValues(shared, problems).list(pools, providers));
    }

    /**
     * Reads and checks the pool that a command brings itself.
     *
     * @throws ConfigurationException with every problem there is
     */
    public PoolPolicy load(Sources sources, OwnPool pool) throws ConfigurationException {
        Problems problems = new Problems();
        OwnPoolKeys own = new OwnPoolKeys(pool, problems);
        Layers layers = new Layers(sources, List.of(), problems);
        ConfigObject root = layers.readOver(own.defaults());
        new UnknownKeys(providers, problems).find(root);
        own.checkAssignments(sources.assignments());
        ConfigObject keys = own.keys(root.toConfig().getObject(Layers.ROOT), layers.before(own.defaults()));
        Values values = new Values(keys, Optional.empty(), problems, sources, new SecretFiles(nanoTime));
        ProviderReader.Maker maker = new ProviderReader.Maker(userAgent, Optional.empty(), clock);
        Optional<PoolSettings> read = new PoolReader(
                        new ProviderReader(keys, providers, problems, maker), Optional.empty())
                .read(values, Optional.of(pool.name()), Purpose.PLAN);
        problems.throwIfAny();
        return read.orElseThrow().policy();
    }

    private List<KnownVariable> variables() {
        List<KnownVariable> variables = new ArrayList<>();
        Arrays.stream(Key.values())
                .map(key -> new KnownVariable(key.path(), key.secret()))
                .forEach(variables::add);
        for (NodePoolProviderFactory provider : providers) {
            for (Setting setting : provider.settings()) {
                variables.add(
                        new KnownVariable("providers." + provider.name() + "." + setting.key(), setting.secret()));
            }
        }
        return variables;
    }
}
