package io.kubescaler.digitalocean;

import io.kubescaler.testing.CloudUnderTest;
import io.kubescaler.testing.NodePoolProviderContract;

final class DigitalOceanContractTest extends NodePoolProviderContract {
    @Override
    protected CloudUnderTest cloudWith(int machines) {
        return new StatefulCloud(machines);
    }
}
