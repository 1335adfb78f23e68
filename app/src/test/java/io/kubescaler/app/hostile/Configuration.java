package io.kubescaler.app.hostile;

import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.PoolPolicy.OtherPool;
import java.util.List;
import java.util.Optional;

/**
 * What replicas are configured with when they start. Immutable.
 *
 * @param mistyped whether the server selector of the pool is
 * @param second the node selector of a second pool; empty when there is none
 */
record Configuration(boolean mistyped, Optional<LabelSelector> second) {
    /** One pool, and nothing wrong with it. */
    static final Configuration RIGHT = new Configuration(false, Optional.empty());

    private static final LabelSelector SECOND_SERVER = LabelSelector.parse("app=second");

    Configuration withMistyped(boolean is) {
        return new Configuration(is, second);
    }

    Configuration withSecond(Optional<LabelSelector> selector) {
        return new Configuration(mistyped, selector);
    }

    /** Returns what is asked of the pool, and after it what is asked of the second, if there is one. */
    List<PoolPolicy> pools(Scenario scenario) {
        PoolPolicy first = mistyped ? scenario.mistypedPolicy() : scenario.policy();
        return second.map(selector -> {
                    PoolPolicy other = second(first, selector);
                    return List.of(first.beside(List.of(other(other))), other);
                })
                .orElseGet(() -> List.of(first));
    }

    // it asks for no slot, so it has nothing to do
    private static PoolPolicy second(PoolPolicy first, LabelSelector selector) {
        return new PoolPolicy(
                "second",
                selector,
                SECOND_SERVER,
                List.of(),
                first.slotSize(),
                0,
                0,
                first.maximum(),
                first.emptyNodeExpiration(),
                first.provisioningTimeout(),
                first.cordonDelay(),
                first.startupTaints(),
                Optional.empty(),
                List.of(other(first)));
    }

    private static OtherPool other(PoolPolicy pool) {
        return new OtherPool(pool.selector(), pool.serverSelector());
    }
}
