package io.kubescaler.app.plugins;

import io.kubescaler.model.Instance;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.provider.Deletion;
import io.kubescaler.provider.Finding;
import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.ProviderException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A provider of a plug-in, held to the letter of its interface whatever the plug-in throws or returns. */
final class GuardedProvider implements NodePoolProvider {
    private static final Logger LOGGER = LoggerFactory.getLogger(GuardedProvider.class);

    private static final Duration LONGEST_CALL = Duration.ofMinutes(10);

    private final NodePoolProvider provider;
    private final PluginBoundary boundary;

    GuardedProvider(NodePoolProvider provider, PluginBoundary boundary) {
        this.provider = provider;
        this.boundary = boundary;
    }

    /** Returns what the plug-in states; the longest that it may state where that is no such time. */
    @Override
    public Duration longestCall() {
        try {
            Duration stated = boundary.call("longestCall", provider::longestCall);
            if (!stated.isNegative() && !stated.isZero() && stated.compareTo(LONGEST_CALL) <= 0) {
                return stated;
            }
            LOGGER.warn(
                    "the plug-in {} states {} as its longest call, which is not above 0 and at most {} s; {} s are assumed",
                    boundary.plugin(),
                    stated,
                    LONGEST_CALL.toSeconds(),
                    LONGEST_CALL.toSeconds());
        } catch (ProviderException thrown) {
            LOGGER.warn("{}; {} s are assumed", thrown.getMessage(), LONGEST_CALL.toSeconds(), thrown);
        }
        return LONGEST_CALL;
    }

    @Override
    public PoolDescription describe() throws ProviderException {
        return masked(boundary.call("describe", provider::describe));
    }

    @Override
    public PoolDescription describeForOrder() throws ProviderException {
        return masked(boundary.call("describeForOrder", provider::describeForOrder));
    }

    @Override
    public void grow(int size) throws ProviderException {
        boundary.call("grow", () -> {
            provider.grow(size);
            return size;
        });
    }

    @Override
    public List<Deletion> delete(List<String> instanceIds) {
        Map<String, Deletion> byInstance = new HashMap<>();
        String otherwise = "the plug-in %s gave no result for it".formatted(boundary.plugin());
        try {
            for (Deletion deletion : boundary.call("delete", () -> List.copyOf(provider.delete(instanceIds)))) {
                byInstance.put(deletion.instanceId(), masked(deletion));
            }
        } catch (ProviderException thrown) {
            otherwise = String.valueOf(thrown.getMessage());
        }
        String noResult = otherwise;
        return instanceIds.stream()
                .map(id -> byInstance.getOrDefault(id, Deletion.failed(id, new ProviderException.Transient(noResult))))
                .toList();
    }

    @Override
    public List<Finding> preflight(int maximum) {
        try {
            return boundary.call("preflight", () -> List.copyOf(provider.preflight(maximum))).stream()
                    .map(this::masked)
                    .toList();
        } catch (ProviderException thrown) {
            return List.of(Finding.error("plug-in " + boundary.plugin(), String.valueOf(thrown.getMessage())));
        }
    }

    @Override
    public void close() {
        try {
            boundary.call("close", () -> {
                provider.close();
                return true;
            });
        } catch (ProviderException thrown) {
            // whoever closes has more to close, and nothing depends on this plug-in any more
            LOGGER.warn("{}", thrown.getMessage(), thrown);
        }
    }

    private PoolDescription masked(PoolDescription pool) {
        return pool.withInstances(pool.instances().stream().map(this::masked).toList());
    }

    private Instance masked(Instance instance) {
        return instance.message().isEmpty()
                ? instance
                : instance.withMessage(boundary.mask().mask(instance.message()));
    }

    private Deletion masked(Deletion deletion) {
        Optional<ProviderException> error = deletion.error().map(boundary::masked);
        return new Deletion(deletion.instanceId(), error);
    }

    private Finding masked(Finding finding) {
        return new Finding(finding.what(), finding.severity(), boundary.mask().mask(finding.message()));
    }
}
