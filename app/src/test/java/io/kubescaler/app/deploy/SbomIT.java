package io.kubescaler.app.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The list of what is in the program's jar, held against the jar. */
class SbomIT {
    private static final Path JAR = Path.of("target", "kubescaler.jar");
    private static final Path SBOM = Path.of("target", "kubescaler.cdx.json");

    /** Licences under which a library may be passed on, unchanged, inside the program. */
    private static final Set<String> ALLOWED =
            Set.of("Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "EPL-2.0", "Public Domain");

    private static Map<String, JsonNode> components;

    @BeforeAll
    static void read() throws IOException {
        components = new TreeMap<>();
        for (JsonNode component : new ObjectMapper().readTree(SBOM.toFile()).path("components")) {
            components.put(
                    component.path("name").asText() + "-"
                            + component.path("version").asText(),
                    component);
        }
    }

    @Test
    void namesTheLibrariesThatAreInTheJarAndNoOthers() throws IOException {
        Map<String, String> libraryOf = libraryOfEveryClass();
        Set<String> inTheJar = new TreeSet<>();
        try (JarFile jar = new JarFile(JAR.toFile())) {
            jar.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.endsWith(".class"))
                    .map(name -> libraryOf.getOrDefault(name, "nowhere on the class path: " + name))
                    .forEach(inTheJar::add);
        }
        Set<String> listed = new TreeSet<>(components.keySet());
        // our own modules, and descriptions for other platforms, which have no class
        listed.retainAll(libraryOf.values());
        inTheJar.remove("kubescaler");
        assertThat(listed).containsExactlyElementsOf(inTheJar);
    }

    @Test
    void showsLicencesThatLetTheProgramBePassedOn() {
        assertThat(components).isNotEmpty();
        components.forEach((name, component) ->
                assertThat(licences(component)).as("the licences of %s", name).anyMatch(ALLOWED::contains));
    }

    private static Set<String> licences(JsonNode component) {
        Set<String> licences = new TreeSet<>();
        for (JsonNode licence : component.path("licenses")) {
            JsonNode one = licence.path("license");
            licences.add(one.path(one.has("id") ? "id" : "name").asText());
        }
        return licences;
    }

    /** From the name of a class to the library that has it; {@code kubescaler} for our own. */
    private static Map<String, String> libraryOfEveryClass() throws IOException {
        Map<String, String> libraryOf = new HashMap<>();
        for (String path : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path entry = Path.of(path);
            if (Files.isRegularFile(entry)) {
                String file = entry.getFileName().toString().replaceFirst("\\.jar$", "");
                String library = file.startsWith("kubescaler-") ? "kubescaler" : file;
                try (JarFile jar = new JarFile(entry.toFile())) {
                    jar.stream()
                            .map(JarEntry::getName)
                            .filter(name -> name.endsWith(".class"))
                            .forEach(name -> libraryOf.putIfAbsent(name, library));
                }
            } else if (Files.isDirectory(entry)) {
                try (var files = Files.walk(entry)) {
                    files.forEach(file -> libraryOf.put(
                            entry.relativize(file).toString().replace(File.separatorChar, '/'), "kubescaler"));
                }
            }
        }
        return libraryOf;
    }
}
