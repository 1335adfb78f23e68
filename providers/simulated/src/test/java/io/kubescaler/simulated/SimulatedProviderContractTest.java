package io.kubescaler.simulated;

import io.kubescaler.testing.CloudUnderTest;
import io.kubescaler.testing.NodePoolProviderContract;

/** The simulated provider keeps the contract; nothing of it is skipped. */
class SimulatedProviderContractTest extends NodePoolProviderContract {
    @Override
    protected CloudUnderTest cloudWith(int machines) {
        return new SimulatedCloudUnderTest(machines, (cloud, provider) -> provider);
    }
}
