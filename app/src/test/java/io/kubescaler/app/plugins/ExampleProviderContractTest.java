package io.kubescaler.app.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.provider.NodePoolProviderFactory;
import io.kubescaler.testing.CloudUnderTest;
import io.kubescaler.testing.NodePoolProviderContract;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example of {@code docs/writing-a-provider.md} compiles against {@code kubescaler-core} alone, loads as a plug-in
 * jar and keeps the contract, with the fixture that its own tests use.
 */
class ExampleProviderContractTest extends NodePoolProviderContract {
    private static final Path EXAMPLE =
            Path.of("..", "docs", "example-provider").toAbsolutePath();

    @TempDir
    private static Path work;

    private static ProviderCatalog catalog;
    private static URLClassLoader fixtures;

    @TempDir
    private Path cloud;

    @BeforeAll
    static void installThePlugin() throws IOException {
        Path main = EXAMPLE.resolve("src/main");
        Path classes =
                PluginWorkshop.compile(main.resolve("java"), List.of(PluginWorkshop.core()), work.resolve("classes"));
        Path plugins = Files.createDirectory(work.resolve("plugins"));
        PluginWorkshop.jar(plugins.resolve("filecloud.jar"), List.of(classes, main.resolve("resources")));
        catalog = ProviderCatalog.open(Optional.of(plugins));

        List<Path> testClassPath = List.of(
                classes,
                PluginWorkshop.core(),
                PluginWorkshop.homeOf(NodePoolProviderContract.class),
                PluginWorkshop.homeOf(Test.class),
                PluginWorkshop.homeOf(Assertions.class));
        Path testClasses =
                PluginWorkshop.compile(EXAMPLE.resolve("src/test/java"), testClassPath, work.resolve("test-classes"));
        fixtures = new URLClassLoader(
                new URL[] {testClasses.toUri().toURL()}, ExampleProviderContractTest.class.getClassLoader());
    }

    @AfterAll
    static void close() throws IOException {
        fixtures.close();
        catalog.close();
    }

    @Override
    protected CloudUnderTest cloudWith(int machines) {
        NodePoolProviderFactory factory = catalog.find("filecloud").orElseThrow();
        try {
            return (CloudUnderTest) fixtures.loadClass("com.example.filecloud.FileCloud")
                    .getConstructor(NodePoolProviderFactory.class, Path.class, int.class)
                    .newInstance(factory, cloud, machines);
        } catch (ReflectiveOperationException broken) {
            throw new LinkageError("the example's fixture does not fit", broken);
        }
    }

    @Test
    void loadsFromItsJarWithoutAnyProblem() {
        assertThat(catalog.problems()).isEmpty();
        assertThat(catalog.all())
                .filteredOn(entry -> entry.factory().name().equals("filecloud"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.jar()).contains(work.resolve("plugins/filecloud.jar")));
    }
}
