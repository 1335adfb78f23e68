package io.kubescaler.app.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProviderCatalogTest {
    @TempDir
    private Path work;

    private Path plugins;
    private Optional<ProviderCatalog> opened = Optional.empty();

    @BeforeEach
    void makeFolder() throws IOException {
        plugins = Files.createDirectory(work.resolve("plugins"));
    }

    @AfterEach
    void close() {
        opened.ifPresent(ProviderCatalog::close);
    }

    @Test
    void findsTheBuiltInProvidersWithoutAnyFolder() {
        ProviderCatalog catalog = open(Optional.empty());

        assertThat(catalog.find("simulated")).isPresent();
        assertThat(catalog.all()).allSatisfy(entry -> assertThat(entry.jar()).isEmpty());
        assertThat(catalog.problems()).isEmpty();
    }

    @Test
    void hasNoPluginsWhenTheFolderDoesNotExist() {
        ProviderCatalog catalog = open(Optional.of(work.resolve("nowhere")));

        assertThat(catalog.problems()).isEmpty();
        assertThat(catalog.folder()).contains(work.resolve("nowhere"));
        assertThat(catalog.find("simulated")).isPresent();
    }

    @Test
    void findsAProviderInAJarAndTellsWhichJar() throws IOException {
        Path jar = plugin("good", TestPlugin.named("test.Good", "good-cloud"));
        ProviderCatalog catalog = open();

        assertThat(catalog.problems()).isEmpty();
        assertThat(catalog.find("good-cloud")).isPresent();
        assertThat(catalog.all())
                .filteredOn(entry -> entry.jar().isPresent())
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.jar()).contains(jar);
                    assertThat(entry.factory().description()).isEqualTo("a test cloud");
                });
    }

    @Test
    void listsAllProvidersByName() throws IOException {
        plugin("z", TestPlugin.named("test.First", "a-cloud"));
        plugin("a", TestPlugin.named("test.Second", "z-cloud"));

        assertThat(open().all())
                .extracting(entry -> entry.factory().name())
                .isSorted()
                .contains("a-cloud", "z-cloud");
    }

    @Test
    void namesEachBrokenJarAndLoadsTheOthers() throws IOException {
        Files.writeString(plugins.resolve("not-a-zip.jar"), "this is text");
        Files.createDirectory(plugins.resolve("folder.jar"));
        PluginWorkshop.jar(plugins.resolve("no-service.jar"), List.of(emptyFolderWith("readme.txt")));
        PluginWorkshop.jar(
                plugins.resolve("missing-class.jar"),
                List.of(PluginWorkshop.serviceFile(work.resolve("m"), "test.NotThere")));
        PluginWorkshop.jar(plugins.resolve("no-names.jar"), List.of(PluginWorkshop.serviceFile(work.resolve("n"))));
        plugin(
                "throws",
                TestPlugin.named("test.Throws", "throws").constructor("throw new IllegalStateException(\"no disk\");"));
        plugin("bad-name", TestPlugin.named("test.BadName", "Bad Name"));
        plugin("null-name", TestPlugin.named("test.NullName", "x").nameExpression("null"));
        plugin("good", TestPlugin.named("test.Good", "good-cloud"));
        Files.writeString(plugins.resolve("readme.txt"), "not looked at");

        ProviderCatalog catalog = open();

        assertThat(catalog.find("good-cloud")).isPresent();
        assertThat(catalog.find("simulated")).isPresent();
        assertThat(whyOf(catalog, "not-a-zip.jar")).contains("not a jar");
        assertThat(whyOf(catalog, "folder.jar")).contains("not a file");
        assertThat(whyOf(catalog, "no-service.jar")).contains(PluginWorkshop.SERVICE_FILE);
        assertThat(whyOf(catalog, "missing-class.jar")).contains("test.NotThere");
        assertThat(whyOf(catalog, "no-names.jar")).contains("names no class");
        assertThat(whyOf(catalog, "throws.jar")).contains("constructor threw").contains("no disk");
        assertThat(whyOf(catalog, "bad-name.jar")).contains("'Bad Name'").contains("lower case");
        assertThat(whyOf(catalog, "null-name.jar")).contains("null-name.jar returned null from name");
        assertThat(catalog.problems()).hasSize(8);
        assertThat(catalog.problems().get(0).message()).contains("bad-name.jar").contains("is left out");
    }

    @Test
    void saysThatAPluginIsCompiledForANewerJava() throws IOException {
        Path classes = compile("newer", TestPlugin.named("test.Newer", "newer"));
        Path file = classes.resolve("test/Newer.class");
        byte[] bytes = Files.readAllBytes(file);
        // the major version of a class file, for a Java of a far future
        bytes[6] = 0;
        bytes[7] = (byte) 200;
        Files.write(file, bytes);
        pack("newer", classes, "test.Newer");

        assertThat(whyOf(open(), "newer.jar"))
                .contains("newer Java than the " + Runtime.version().feature())
                .contains("--release 17");
    }

    @Test
    void saysWhichLibraryAPluginForgotToBring() throws IOException {
        Path library = PluginWorkshop.compile(
                "library.Helper", "package library; public class Helper {}", List.of(), work.resolve("library"));
        Path classes = PluginWorkshop.compile(
                "test.Needy",
                TestPlugin.named("test.Needy", "needy")
                        .constructor("new library.Helper();")
                        .source(),
                List.of(PluginWorkshop.core(), library),
                work.resolve("needy"));
        pack("needy", classes, "test.Needy");

        assertThat(whyOf(open(), "needy.jar")).contains("library/Helper").contains("put the libraries");
    }

    @Test
    void leavesOutTheSecondOfTwoEqualNames() throws IOException {
        plugin("a", TestPlugin.named("test.A", "twin"));
        plugin("b", TestPlugin.named("test.B", "twin"));
        plugin("c", TestPlugin.named("test.C", "simulated"));
        ProviderCatalog catalog = open();

        assertThat(catalog.all())
                .filteredOn(entry -> entry.factory().name().equals("twin"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.jar()).contains(plugins.resolve("a.jar")));
        assertThat(whyOf(catalog, "b.jar")).contains("'twin'").contains("a.jar");
        assertThat(whyOf(catalog, "c.jar")).contains("'simulated'").contains("the program itself");
    }

    @Test
    void hidesTheLibrariesOfTheProgramFromAPlugin() throws Exception {
        Path jar = plugin("good", TestPlugin.named("test.Good", "good-cloud"));
        try (PluginClassLoader loader = new PluginClassLoader(jar, getClass().getClassLoader())) {
            for (String foreign : List.of(
                    "com.fasterxml.jackson.databind.ObjectMapper",
                    "org.slf4j.Logger",
                    "com.google.inject.Guice",
                    "io.kubescaler.control.PoolController",
                    "io.kubescaler.app.Main")) {
                assertThat(getClass().getClassLoader().loadClass(foreign)).isNotNull();
                assertThat(isVisible(loader, foreign)).as(foreign).isFalse();
            }
            assertThat(isVisible(loader, "io.kubescaler.provider.NodePoolProvider"))
                    .isTrue();
            assertThat(isVisible(loader, "io.kubescaler.model.Instance")).isTrue();
            assertThat(isVisible(loader, "java.net.http.HttpClient")).isTrue();
            assertThat(isVisible(loader, "java.sql.Driver")).isTrue();
        }
    }

    @Test
    void showsAPluginTheResourcesOfItsOwnJarAlone() throws Exception {
        Path jar = plugin("good", TestPlugin.named("test.Good", "good-cloud"));
        try (PluginClassLoader loader = new PluginClassLoader(jar, getClass().getClassLoader())) {
            List<URL> services = java.util.Collections.list(loader.getResources(PluginWorkshop.SERVICE_FILE));

            assertThat(services)
                    .singleElement()
                    .satisfies(url -> assertThat(url.toString()).contains("good.jar"));
            assertThat(loader.getResource("META-INF/services/org.slf4j.spi.SLF4JServiceProvider"))
                    .isNull();
            assertThat(loader.getResource("test/Good.class")).isNotNull();
        }
    }

    @Test
    void takesTheInterfaceFromTheProgramEvenWhenTheJarBringsACopy() throws IOException {
        Path classes = compile("fat", TestPlugin.named("test.Fat", "fat"));
        PluginWorkshop.jar(
                plugins.resolve("fat.jar"),
                List.of(classes, PluginWorkshop.serviceFile(work.resolve("fat"), "test.Fat"), PluginWorkshop.core()));

        assertThat(open().find("fat")).isPresent();
    }

    @Test
    void looksWhereTheVariableSays() {
        assertThat(PluginFolder.locate(Map.of("KUBESCALER_PLUGINS", "/somewhere"), ProviderCatalog.class))
                .contains(Path.of("/somewhere"));
    }

    @Test
    void looksBesideTheJarThatTheProgramRunsFrom() {
        // a class of a library stands for the program: it comes from a jar
        Path library = PluginWorkshop.homeOf(Test.class);

        assertThat(PluginFolder.locate(Map.of("KUBESCALER_PLUGINS", " "), Test.class))
                .contains(library.resolveSibling("plugins"));
    }

    @Test
    void looksNowhereWhenTheProgramRunsFromClasses() {
        assertThat(PluginFolder.locate(Map.of(), ProviderCatalogTest.class)).isEmpty();
    }

    private ProviderCatalog open() {
        return open(Optional.of(plugins));
    }

    private ProviderCatalog open(Optional<Path> folder) {
        opened = Optional.of(ProviderCatalog.open(folder));
        return opened.get();
    }

    private Path compile(String name, TestPlugin plugin) throws IOException {
        return PluginWorkshop.compile(
                plugin.className(), plugin.source(), List.of(PluginWorkshop.core()), work.resolve(name));
    }

    private Path pack(String name, Path classes, String className) throws IOException {
        return PluginWorkshop.jar(
                plugins.resolve(name + ".jar"),
                List.of(classes, PluginWorkshop.serviceFile(work.resolve(name), className)));
    }

    private Path plugin(String name, TestPlugin plugin) throws IOException {
        return pack(name, compile(name, plugin), plugin.className());
    }

    private Path emptyFolderWith(String file) throws IOException {
        Path folder = Files.createDirectory(work.resolve("folder"));
        Files.writeString(folder.resolve(file), "");
        return folder;
    }

    private static boolean isVisible(ClassLoader loader, String className) {
        try {
            return loader.loadClass(className) != null;
        } catch (ClassNotFoundException hidden) {
            return false;
        }
    }

    private static String whyOf(ProviderCatalog catalog, String file) {
        return catalog.problems().stream()
                .filter(problem -> problem.path().endsWith(file))
                .map(ProviderCatalog.BrokenPlugin::why)
                .findFirst()
                .orElse("nothing is said of " + file);
    }
}
