package io.kubescaler.app.plugins;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Set;

/**
 * Loads the classes of one plug-in jar. It sees the JDK, the provider SPI of the application and the jar itself,
 * nothing else: the libraries of the application and of other plug-ins do not exist for it, so it may bring other
 * versions of them. Thread-safe.
 */
final class PluginClassLoader extends URLClassLoader {
    /** The packages of the application that a plug-in shares; their classes in a jar are ignored. */
    static final Set<String> SHARED_PACKAGES = Set.of("io.kubescaler.provider", "io.kubescaler.model");

    static {
        registerAsParallelCapable();
    }

    private final ClassLoader application;

    /**
     * Opens the jar.
     *
     * @param jar the jar; resources, service files among them, come from it alone
     * @param application the loader that the shared packages come from
     * @throws IOException when the path cannot be a URL
     */
    PluginClassLoader(Path jar, ClassLoader application) throws IOException {
        super("plug-in " + jar.getFileName(), new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
        this.application = application;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        return isShared(name) ? application.loadClass(name) : super.loadClass(name, resolve);
    }

    private static boolean isShared(String className) {
        int end = className.lastIndexOf('.');
        return end > 0 && SHARED_PACKAGES.contains(className.substring(0, end));
    }
}
