package io.kubescaler.app.observe;

import io.kubescaler.model.PoolDescription;
import io.kubescaler.provider.Deletion;
import io.kubescaler.provider.Finding;
import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.ProviderException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/** A provider whose calls are counted and timed, by how they ended. */
public final class MeteredProvider implements NodePoolProvider {
    private static final String BROKEN = "broken";

    private final NodePoolProvider provider;
    private final CallMeter meter;

    /**
     * Wraps a provider; closing this closes it.
     *
     * @param nanoTime a clock that never jumps, in nanoseconds
     */
    public MeteredProvider(NodePoolProvider provider, String pool, MeterRegistry registry, LongSupplier nanoTime) {
        this.provider = provider;
        this.meter = new CallMeter(
                registry,
                MetricNames.CLOUD_CALL_DURATION,
                "How long calls to the cloud took, retries included, by how they ended",
                pool,
                nanoTime);
    }

    @Override
    public Duration longestCall() {
        return provider.longestCall();
    }

    @Override
    public PoolDescription describe() throws ProviderException {
        return described(provider::describe);
    }

    @Override
    public PoolDescription describeForOrder() throws ProviderException {
        return described(provider::describeForOrder);
    }

    /** A way of asking the provider. */
    @FunctionalInterface
    private interface Question {
        PoolDescription ask() throws ProviderException;
    }

    private PoolDescription described(Question question) throws ProviderException {
        long begun = meter.begin();
        String result = BROKEN;
        try {
            PoolDescription description = question.ask();
            result = CallMeter.DONE;
            return description;
        } catch (ProviderException failed) {
            result = CallMeter.word(failed.getClass());
            throw failed;
        } finally {
            meter.ended("describe", result, begun);
        }
    }

    @Override
    public void grow(int size) throws ProviderException {
        long begun = meter.begin();
        String result = BROKEN;
        try {
            provider.grow(size);
            result = CallMeter.DONE;
        } catch (ProviderException failed) {
            result = CallMeter.word(failed.getClass());
            throw failed;
        } finally {
            meter.ended("grow", result, begun);
        }
    }

    /** Deletes; the call counts as what became of the first machine that is still there. */
    @Override
    public List<Deletion> delete(List<String> instanceIds) {
        long begun = meter.begin();
        String result = BROKEN;
        try {
            List<Deletion> deletions = provider.delete(instanceIds);
            result = deletions.stream()
                    .flatMap(deletion -> deletion.error().stream())
                    .findFirst()
                    .map(error -> CallMeter.word(error.getClass()))
                    .orElse(CallMeter.DONE);
            return deletions;
        } finally {
            meter.ended("delete", result, begun);
        }
    }

    @Override
    public List<Finding> preflight(int maximum) {
        return provider.preflight(maximum);
    }

    @Override
    public void close() {
        provider.close();
    }
}
