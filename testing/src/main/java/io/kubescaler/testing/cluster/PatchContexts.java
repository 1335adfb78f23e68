package io.kubescaler.testing.cluster;

import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;

/** The kinds of patch that the stand-ins send. */
final class PatchContexts {
    static final PatchContext STRATEGIC_MERGE = PatchContext.of(PatchType.STRATEGIC_MERGE);
    static final PatchContext JSON = PatchContext.of(PatchType.JSON);

    private PatchContexts() {}
}
