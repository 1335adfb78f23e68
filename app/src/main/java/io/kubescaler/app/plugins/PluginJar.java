package io.kubescaler.app.plugins;

import io.kubescaler.app.observe.SecretMask;
import io.kubescaler.provider.NodePoolProviderFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.jar.JarFile;
import java.util.zip.ZipException;

/**
 * One plug-in jar that was loaded. Its factories can be used until it is closed.
 *
 * @param loader what its classes come from
 * @param factories the factories that its service file names, each behind a guard; at least one
 */
record PluginJar(PluginClassLoader loader, List<GuardedFactory> factories) {
    private static final String SERVICE_FILE = "META-INF/services/" + NodePoolProviderFactory.class.getName();
    private static final String NAME_PATTERN = "[a-z0-9]+(-[a-z0-9]+)*";

    PluginJar {
        factories = List.copyOf(factories);
    }

    /**
     * Loads a jar: all of its factories or, when one of them is broken, none.
     *
     * @throws Broken when it is no plug-in jar or not fit for use; nothing of it stays open then
     */
    static PluginJar load(Path jar, ClassLoader application) throws Broken {
        requireServiceFile(jar);
        PluginClassLoader loader = open(jar, application);
        try {
            return new PluginJar(loader, factoriesOf(jar, loader));
        } catch (Broken broken) {
            throw closing(loader, broken);
        }
    }

    private static void requireServiceFile(Path jar) throws Broken {
        if (!Files.isRegularFile(jar)) {
            throw new Broken("it is not a file");
        }
        try (JarFile file = new JarFile(jar.toFile())) {
            if (file.getEntry(SERVICE_FILE) == null) {
                throw new Broken(
                        "it has no %s: it is no plug-in; a plug-in carries the libraries that it needs inside its own jar"
                                .formatted(SERVICE_FILE));
            }
        } catch (ZipException malformed) {
            throw new Broken("it is not a jar, or damaged: " + malformed.getMessage(), malformed);
        } catch (IOException unreadable) {
            throw new Broken("it cannot be read: " + unreadable, unreadable);
        }
    }

    private static PluginClassLoader open(Path jar, ClassLoader application) throws Broken {
        try {
            return new PluginClassLoader(jar, application);
        } catch (IOException unreadable) {
            throw new Broken("it cannot be read: " + unreadable, unreadable);
        }
    }

    private static List<GuardedFactory> factoriesOf(Path jar, PluginClassLoader loader) throws Broken {
        PluginBoundary boundary = new PluginBoundary(String.valueOf(jar.getFileName()), loader, SecretMask.NONE);
        List<GuardedFactory> guarded = new ArrayList<>();
        for (NodePoolProviderFactory factory : instantiate(loader)) {
            try {
                guarded.add(new GuardedFactory(factory, boundary));
            } catch (PluginException thrown) {
                throw new Broken(String.valueOf(thrown.getMessage()), thrown);
            }
        }
        for (GuardedFactory factory : guarded) {
            if (!factory.name().matches(NAME_PATTERN)) {
                throw new Broken("its provider calls itself '%s'; a name is of lower case letters, digits and hyphens"
                        .formatted(factory.name()));
            }
        }
        return guarded;
    }

    private static List<NodePoolProviderFactory> instantiate(PluginClassLoader loader) throws Broken {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            List<NodePoolProviderFactory> found = new ArrayList<>();
            ServiceLoader.load(NodePoolProviderFactory.class, loader).forEach(found::add);
            if (found.isEmpty()) {
                throw new Broken("its %s names no class".formatted(SERVICE_FILE));
            }
            return found;
        } catch (Broken broken) {
            throw broken;
        } catch (Throwable thrown) {
            PluginFaults.rethrowFatal(thrown);
            throw new Broken(PluginFaults.whyNotLoaded(thrown), thrown);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static Broken closing(PluginClassLoader loader, Broken broken) {
        try {
            loader.close();
        } catch (IOException unclosed) {
            broken.addSuppressed(unclosed);
        }
        return broken;
    }

    /** A jar in the plug-in folder is not fit for use; the message says why, as a sentence about "it". */
    static final class Broken extends Exception {
        private static final long serialVersionUID = 1L;

        Broken(String message) {
            super(message);
        }

        Broken(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
