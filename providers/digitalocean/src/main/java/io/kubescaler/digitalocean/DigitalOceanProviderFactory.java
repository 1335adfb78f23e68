package io.kubescaler.digitalocean;

import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.NodePoolProviderFactory;
import io.kubescaler.provider.ProviderContext;
import io.kubescaler.provider.Secret;
import io.kubescaler.provider.Setting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.HttpUrl;

/**
 * Makes the providers of DigitalOcean Kubernetes. Thread-safe.
 *
 * <p>The cloud limits the rate by token, so all providers that one factory makes for one token share one count of
 * requests, from the first of them on. Keep one factory for the life of the process.
 */
public final class DigitalOceanProviderFactory implements NodePoolProviderFactory {
    private static final Duration FIRST_DELAY = Duration.ofMillis(250);

    private final DigitalOceanProvider.Times times;
    private final Map<Account, RequestLimiter> limiters = new ConcurrentHashMap<>();

    /** Makes a factory for {@link java.util.ServiceLoader}. */
    public DigitalOceanProviderFactory() {
        this(new DigitalOceanProvider.Times(DigitalOceanSettings.LONGEST_CALL, FIRST_DELAY, System::nanoTime));
    }

    DigitalOceanProviderFactory(DigitalOceanProvider.Times times) {
        this.times = times;
    }

    private record Account(HttpUrl apiUrl, Secret token) {}

    @Override
    public String name() {
        return "digitalocean";
    }

    @Override
    public String description() {
        return "Node pools of DigitalOcean Kubernetes (DOKS).";
    }

    @Override
    public List<Setting> settings() {
        return DigitalOceanSettings.DECLARED;
    }

    @Override
    public List<Problem> validate(ProviderContext context) {
        List<Problem> problems = new ArrayList<>();
        read(context, problems);
        return List.copyOf(problems);
    }

    /**
     * Makes the provider of one pool.
     *
     * @throws IllegalArgumentException when {@link #validate} has anything against the context
     */
    @Override
    public NodePoolProvider create(ProviderContext context) {
        List<Problem> problems = new ArrayList<>();
        Optional<DigitalOceanSettings> settings = read(context, problems);
        if (settings.isEmpty() || !problems.isEmpty()) {
            throw new IllegalArgumentException("the configuration of digitalocean is wrong: " + problems);
        }
        // the token as it is now: one that changes later goes on with the count it has
        Secret token = new Secret(context.token().orElseThrow().reveal());
        Account account = new Account(settings.get().apiUrl(), token);
        RequestLimiter limiter = limiters.computeIfAbsent(
                account,
                any -> new RequestLimiter(
                        settings.get().requestsPerMinute(), settings.get().requestsPerHour(), times.nanoTime()));
        return new DigitalOceanProvider(context, settings.get(), limiter, times);
    }

    private static Optional<DigitalOceanSettings> read(ProviderContext context, List<Problem> problems) {
        token(context.token()).ifPresent(problems::add);
        if (context.clusterName().filter(name -> !name.isBlank()).isEmpty()) {
            problems.add(
                    new Problem("cluster-name", "cluster-name is missing: set the name or the UUID of the cluster"));
        }
        if (context.poolName().isBlank() || context.poolName().matches("\\.{1,2}")) {
            problems.add(new Problem(
                    "node-pool-name",
                    "node-pool-name is '%s': set the name of a node pool of the cluster"
                            .formatted(context.poolName())));
        }
        return DigitalOceanSettings.read(context.settings(), context.longestWrite(), problems);
    }

    private static Optional<Problem> token(Optional<Secret> token) {
        if (token.isEmpty() || token.get().isBlank()) {
            return Optional.of(new Problem(
                    "cloud-provider-token",
                    "cloud-provider-token is missing: set an API token with kubernetes:read and kubernetes:update"));
        }
        if (!token.get().reveal().matches("[\\x21-\\x7E]+")) {
            return Optional.of(new Problem(
                    "cloud-provider-token",
                    "cloud-provider-token has a character that no token has, such as a space or a line break"));
        }
        return Optional.empty();
    }
}
