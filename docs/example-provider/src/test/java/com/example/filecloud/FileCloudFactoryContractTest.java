package com.example.filecloud;

import io.kubescaler.provider.NodePoolProviderFactory;
import io.kubescaler.provider.ProviderContext;
import io.kubescaler.testing.NodePoolProviderFactoryContract;
import java.nio.file.Path;
import java.time.Clock;

/** Holds the factory against the contract that every factory keeps. */
class FileCloudFactoryContractTest extends NodePoolProviderFactoryContract {
    @Override
    protected NodePoolProviderFactory factory() {
        return new FileCloudFactory();
    }

    @Override
    protected ProviderContext validContext() {
        return FileCloud.contextOf(Path.of("pool.properties"), Clock.systemUTC());
    }
}
