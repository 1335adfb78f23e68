package io.kubescaler.app.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import io.kubescaler.model.Instance;
import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.NodePoolProviderFactory;
import io.kubescaler.provider.ProviderContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.OkHttp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plug-in jar with an older OkHttp of its own works beside the providers that use the program's. */
class OwnLibrariesTest {
    private static final Path LIBRARIES = Path.of("target", "plugin-libraries");
    private static final Path SOURCES = Path.of("src", "test", "plugins", "older-okhttp");

    private final WireMockServer cloud =
            new WireMockServer(WireMockConfiguration.options().dynamicPort().bindAddress("127.0.0.1"));

    @TempDir
    private Path work;

    @BeforeEach
    void startTheCloud() {
        cloud.start();
        cloud.stubFor(WireMock.get("/pool").willReturn(WireMock.ok("machine-1\nmachine-2")));
    }

    @AfterEach
    void stopTheCloud() {
        cloud.stop();
    }

    @Test
    void worksWithAnOlderOkHttpBesideDigitalOceanWhileABrokenJarIsNamed() throws Exception {
        Path plugins = Files.createDirectory(work.resolve("plugins"));
        packThePlugin(plugins.resolve("older-okhttp.jar"));
        Files.writeString(plugins.resolve("broken.jar"), "no jar at all");

        try (ProviderCatalog catalog = ProviderCatalog.open(Optional.of(plugins))) {
            NodePoolProviderFactory older = catalog.find("older-okhttp").orElseThrow();
            assertThat(OkHttp.VERSION).as("the program's own").startsWith("5.");
            assertThat(older.description()).isEqualTo("brings OkHttp 4.12.0");
            assertThat(catalog.find("digitalocean")).isPresent();
            assertThat(catalog.problems()).singleElement().satisfies(problem -> {
                assertThat(problem.path()).isEqualTo(plugins.resolve("broken.jar"));
                assertThat(problem.why()).contains("not a jar");
            });
            try (NodePoolProvider provider = older.create(context())) {
                assertThat(provider.describe().instances())
                        .extracting(Instance::id)
                        .containsExactly("machine-1", "machine-2");
            }
        }
    }

    private ProviderContext context() {
        return new ProviderContext(
                Optional.empty(),
                "pool",
                Optional.empty(),
                Map.of("url", cloud.baseUrl() + "/pool"),
                "test",
                Clock.systemUTC());
    }

    private void packThePlugin(Path jar) throws Exception {
        List<Path> libraries = PluginWorkshop.filesBelow(LIBRARIES, ".jar");
        assertThat(libraries).as("what the build copies to %s", LIBRARIES).hasSize(3);
        List<Path> classPath = new ArrayList<>(libraries);
        classPath.add(PluginWorkshop.core());
        Path classes = PluginWorkshop.compile(SOURCES, classPath, work.resolve("classes"));

        List<Path> parts = new ArrayList<>(List.of(classes));
        parts.add(PluginWorkshop.serviceFile(work, "test.OlderOkHttpFactory"));
        parts.addAll(libraries);
        PluginWorkshop.jar(jar, parts);
    }
}
