package com.example.filecloud;

import io.kubescaler.testing.CloudUnderTest;
import io.kubescaler.testing.NodePoolProviderContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Holds the provider against the contract that every provider keeps. */
class FileCloudContractTest extends NodePoolProviderContract {
    @TempDir
    private Path folder;

    @Override
    protected CloudUnderTest cloudWith(int machines) {
        return new FileCloud(new FileCloudFactory(), folder, machines);
    }
}
