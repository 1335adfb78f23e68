package io.kubescaler.app.plugins;

import io.kubescaler.provider.NodePoolProviderFactory;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles plug-ins from source and packs them into jars, as a plug-in's author would. */
final class PluginWorkshop {
    static final String SERVICE_FILE = "META-INF/services/" + NodePoolProviderFactory.class.getName();

    private PluginWorkshop() {}

    /** Compiles every source below a folder, against nothing but the JDK and that class path. */
    static Path compile(Path sources, List<Path> classPath, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            Files.createDirectories(classes);
            List<String> options =
                    List.of("--release", "17", "-proc:none", "-d", classes.toString(), "-classpath", joined(classPath));
            boolean compiled = compiler.getTask(
                            complaints,
                            files,
                            null,
                            options,
                            null,
                            files.getJavaFileObjectsFromPaths(filesBelow(sources, ".java")))
                    .call();
            if (!compiled) {
                throw new IllegalArgumentException("%s does not compile:%n%s".formatted(sources, complaints));
            }
        }
        return classes;
    }

    /** Writes one source file and compiles it. */
    static Path compile(String className, String source, List<Path> classPath, Path work) throws IOException {
        Path file = work.resolve("sources").resolve(className.replace('.', '/') + ".java");
        Files.createDirectories(file.getParent());
        Files.writeString(file, source);
        return compile(work.resolve("sources"), classPath, work.resolve("classes"));
    }

    /** Packs the files of some folders and the entries of some jars into one jar; the first of two equal names wins. */
    static Path jar(Path jar, List<Path> foldersAndJars) throws IOException {
        Set<String> written = new HashSet<>();
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream output = new JarOutputStream(file)) {
            for (Path part : foldersAndJars) {
                if (Files.isDirectory(part)) {
                    addFolder(part, output, written);
                } else {
                    addJar(part, output, written);
                }
            }
        }
        return jar;
    }

    /** Returns a folder with a service file that names these classes. */
    static Path serviceFile(Path work, String... classNames) throws IOException {
        Path file = work.resolve("services").resolve(SERVICE_FILE);
        Files.createDirectories(file.getParent());
        Files.writeString(file, String.join("\n", classNames) + "\n");
        return work.resolve("services");
    }

    /** Returns the jar or folder that a class was loaded from. */
    static Path homeOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException malformed) {
            throw new IllegalStateException(malformed);
        }
    }

    /** Returns where {@code kubescaler-core} is: all that a plug-in compiles against. */
    static Path core() {
        return homeOf(NodePoolProviderFactory.class);
    }

    static List<Path> filesBelow(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending) && Files.isRegularFile(file))
                    .sorted()
                    .toList();
        }
    }

    private static void addFolder(Path folder, JarOutputStream output, Set<String> written) throws IOException {
        for (Path file : filesBelow(folder, "")) {
            String name = folder.relativize(file).toString().replace('\\', '/');
            if (written.add(name)) {
                output.putNextEntry(new JarEntry(name));
                Files.copy(file, output);
                output.closeEntry();
            }
        }
    }

    private static void addJar(Path jar, JarOutputStream output, Set<String> written) throws IOException {
        try (JarFile input = new JarFile(jar.toFile())) {
            for (JarEntry entry : (Iterable<JarEntry>) input.stream()::iterator) {
                if (!entry.isDirectory() && written.add(entry.getName())) {
                    output.putNextEntry(new JarEntry(entry.getName()));
                    input.getInputStream(entry).transferTo(output);
                    output.closeEntry();
                }
            }
        }
    }

    private static String joined(List<Path> classPath) {
        return classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }
}
