package io.kubescaler.app.plugins;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Map;
import java.util.Optional;

/** Decides where plug-in jars are looked for. */
final class PluginFolder {
    /** The environment variable that names the folder. */
    static final String VARIABLE = "KUBESCALER_PLUGINS";

    private static final String NAME = "plugins";

    private PluginFolder() {}

    /**
     * Returns the folder: what {@value #VARIABLE} names, else {@code plugins} beside the program's jar. It may not
     * exist. Empty when the variable is not set, or blank, and the program does not run from a jar.
     */
    static Optional<Path> locate(Map<String, String> environment, Class<?> program) {
        return Optional.ofNullable(environment.get(VARIABLE))
                .filter(value -> !value.isBlank())
                .map(value -> Path.of(value.strip()))
                .or(() -> jarOf(program).map(jar -> jar.resolveSibling(NAME)));
    }

    private static Optional<Path> jarOf(Class<?> program) {
        CodeSource source = program.getProtectionDomain().getCodeSource();
        if (source == null || !"file".equals(source.getLocation().getProtocol())) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(source.getLocation().toURI())).filter(Files::isRegularFile);
        } catch (URISyntaxException malformed) {
            throw new IllegalStateException("the program's own location is no URI: " + source.getLocation(), malformed);
        }
    }
}
