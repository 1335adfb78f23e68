package io.kubescaler.simulated;

import io.kubescaler.model.Resources;
import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.Secret;
import io.kubescaler.testing.CloudUnderTest;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiFunction;

/** The simulated cloud as the contract suite wants it. */
final class SimulatedCloudUnderTest implements CloudUnderTest {
    static final String TOKEN = "hunter2-the-token";
    private static final Duration BOOT = Duration.ofMinutes(200);
    private static final Duration DELETION = Duration.ofMinutes(100);

    private final SimulationClock clock = SimulationClock.virtual(Instant.parse("2026-01-01T00:00:00Z"));
    private final SimulatedCloud cloud;
    private final NodePoolProvider provider;
    private boolean mayWrite = true;

    /** @param wrapper what to test instead of the simulated provider; made from it */
    SimulatedCloudUnderTest(int machines, BiFunction<SimulatedCloud, SimulatedProvider, NodePoolProvider> wrapper) {
        Resources node = Resources.cpu(4000).with(Resources.PODS, 110);
        CloudSettings settings = CloudSettings.of("pool", machines, node, Map.of())
                .withTimes(DurationRange.constant(BOOT), DurationRange.constant(DELETION));
        cloud = new SimulatedCloud(clock, settings, new Randomness(1));
        provider = wrapper.apply(
                cloud, new SimulatedProvider(clock, cloud, Optional.of(new Secret(TOKEN)), () -> mayWrite));
    }

    @Override
    public NodePoolProvider provider() {
        return provider;
    }

    @Override
    public Set<String> secrets() {
        return Set.of(TOKEN);
    }

    @Override
    public int size() {
        return cloud.size();
    }

    @Override
    public Set<String> machines() {
        return cloud.machines();
    }

    @Override
    public OptionalInt requests() {
        return OptionalInt.of(cloud.requests());
    }

    @Override
    public void letMachinesBoot() {
        clock.advance(BOOT);
    }

    @Override
    public void letDeletionsFinish() {
        clock.advance(DELETION);
    }

    @Override
    public void letTimePass(Duration duration) {
        clock.advance(duration);
    }

    @Override
    public void resizeBehindOurBack(int size) {
        cloud.resizeByOthers(size);
    }

    @Override
    public void removeBehindOurBack(String machine) {
        cloud.removeByOthers(machine);
    }

    @Override
    public boolean fail(Failure failure, String message) {
        cloud.faults().failRequests(error(failure, message));
        return true;
    }

    @Override
    public boolean failDeletionOf(String machine, String message) {
        cloud.faults().failDeletionOf(machine, CloudError.of(CloudError.Kind.UNAVAILABLE, message));
        return true;
    }

    @Override
    public boolean failBooting(String message) {
        cloud.faults().failBooting(message);
        return true;
    }

    @Override
    public boolean limitTo(int nodes, String message) {
        cloud.limitTo(nodes, message);
        return true;
    }

    @Override
    public boolean forbidWrites() {
        mayWrite = false;
        return true;
    }

    @Override
    public void recover() {
        cloud.faults().recover();
    }

    @Override
    public void close() {
        provider.close();
    }

    private static CloudError error(Failure failure, String message) {
        return switch (failure) {
            case UNAUTHORIZED -> CloudError.of(CloudError.Kind.UNAUTHORIZED, message);
            case POOL_NOT_FOUND -> CloudError.of(CloudError.Kind.NOT_FOUND, message);
            case RATE_LIMITED -> CloudError.rateLimited(message, Duration.ofSeconds(30));
            case UNAVAILABLE -> CloudError.of(CloudError.Kind.UNAVAILABLE, message);
            case GARBLED -> CloudError.of(CloudError.Kind.GARBLED, message);
            case SILENT -> CloudError.of(CloudError.Kind.SILENT, message);
            case ANSWER_LOST -> CloudError.of(CloudError.Kind.ANSWER_LOST, message);
        };
    }
}
