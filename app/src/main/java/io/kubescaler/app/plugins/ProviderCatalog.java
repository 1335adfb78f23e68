package io.kubescaler.app.plugins;

import io.kubescaler.provider.NodePoolProviderFactory;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cloud providers at hand: those built in, and those in plug-in jars. A plug-in jar that is not fit for use is left
 * out and reported; it does not stop the others. Thread-safe.
 */
public final class ProviderCatalog implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(ProviderCatalog.class);

    private final Optional<Path> folder;
    private final Map<String, Entry> entries = new TreeMap<>();
    private final List<BrokenPlugin> problems = new ArrayList<>();
    private final List<PluginClassLoader> loaders = new ArrayList<>();

    /**
     * One provider.
     *
     * @param factory what makes it
     * @param jar the plug-in jar that brought it; empty when it is built in
     */
    public record Entry(NodePoolProviderFactory factory, Optional<Path> jar) {}

    /**
     * Something in the plug-in folder that was left out.
     *
     * @param path the jar, or the folder itself when that cannot be read
     * @param why a sentence about "it", with the remedy where one is known; without secrets
     */
    public record BrokenPlugin(Path path, String why) {
        /** Returns both as one sentence. */
        public String message() {
            return "plug-in %s is left out: %s".formatted(path, why);
        }
    }

    private ProviderCatalog(Optional<Path> folder) {
        this.folder = folder;
    }

    /**
     * Finds the providers. Plug-ins are looked for in the folder that {@code KUBESCALER_PLUGINS} names, else in
     * {@code plugins} beside the program's jar; a folder that does not exist holds none.
     *
     * @param environment the environment variables
     */
    public static ProviderCatalog open(Map<String, String> environment) {
        return open(PluginFolder.locate(environment, ProviderCatalog.class));
    }

    /**
     * Finds the providers.
     *
     * @param folder where plug-in jars lie, each file named {@code *.jar} in it; need not exist; empty for no plug-ins
     */
    public static ProviderCatalog open(Optional<Path> folder) {
        ProviderCatalog catalog = new ProviderCatalog(folder);
        ClassLoader application = ProviderCatalog.class.getClassLoader();
        for (NodePoolProviderFactory factory : ServiceLoader.load(NodePoolProviderFactory.class, application)) {
            catalog.entries.put(factory.name(), new Entry(factory, Optional.empty()));
        }
        folder.filter(Files::exists).ifPresent(existing -> catalog.addPlugins(existing, application));
        return catalog;
    }

    /** Returns every provider, by name. */
    public List<Entry> all() {
        return List.copyOf(entries.values());
    }

    /** Returns what makes the provider of that name; empty when there is none. */
    public Optional<NodePoolProviderFactory> find(String name) {
        return Optional.ofNullable(entries.get(name)).map(Entry::factory);
    }

    /** Returns what was left out and why, by file name; empty when everything could be used. */
    public List<BrokenPlugin> problems() {
        return List.copyOf(problems);
    }

    /** Returns where plug-ins were looked for, whether it exists or not; empty when nowhere. */
    public Optional<Path> folder() {
        return folder;
    }

    /** Closes the plug-in jars. Their providers must be closed before, since they may still need classes to do so. */
    @Override
    public void close() {
        for (PluginClassLoader loader : loaders) {
            try {
                loader.close();
            } catch (IOException unclosed) {
                LOGGER.warn("the class loader of {} did not close: {}", loader.getName(), unclosed.toString());
            }
        }
    }

    private void addPlugins(Path existing, ClassLoader application) {
        for (Path jar : jarsIn(existing)) {
            try {
                add(jar, PluginJar.load(jar, application));
            } catch (PluginJar.Broken broken) {
                problems.add(new BrokenPlugin(jar, String.valueOf(broken.getMessage())));
            }
        }
    }

    private void add(Path jar, PluginJar plugin) {
        loaders.add(plugin.loader());
        for (GuardedFactory factory : plugin.factories()) {
            Entry taken = entries.putIfAbsent(factory.name(), new Entry(factory, Optional.of(jar)));
            if (taken != null) {
                String by = taken.jar().map(Path::toString).orElse("the program itself");
                problems.add(new BrokenPlugin(
                        jar,
                        "its provider '%s' has a name that is taken by %s; rename it or remove one of them"
                                .formatted(factory.name(), by)));
            }
        }
    }

    private List<Path> jarsIn(Path existing) {
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(existing, "*.jar")) {
            stream.forEach(jars::add);
        } catch (IOException | DirectoryIteratorException unreadable) {
            problems.add(
                    new BrokenPlugin(existing, "the folder of the plug-ins cannot be read (%s)".formatted(unreadable)));
        }
        // file systems list in any order, and which of two equal names wins must not depend on it
        jars.sort(null);
        return jars;
    }
}
