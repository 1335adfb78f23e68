package io.kubescaler.app.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Has a configuration file include other files and nothing else, each from the folder of the file that includes it; one
 * that is not there is a problem. HOCON also knows {@code include url(…)}, and takes a plain text that looks like a URL
 * for one: whoever served that would set the address that the token goes to, and reading a configuration would reach the
 * network. For one thread.
 */
final class FilesAlone implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
    private static final Pattern URL_SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+:.*", Pattern.DOTALL);
    private static final List<String> ENDINGS = List.of(".conf", ".json", ".properties");

    // from the first file to the one that is read now; empty for a text that is no file
    private final List<Path> chain;
    private final Problems problems;

    private FilesAlone(List<Path> chain, Problems problems) {
        this.chain = List.copyOf(chain);
        this.problems = problems;
    }

    /** An include that is none of a file. */
    static final class Refused extends ConfigException {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    /**
     * Reads a file with all that it includes.
     *
     * @param problems take what is included and not there
     * @throws Refused when it includes what is no file
     * @throws ConfigException when it, or a file that it includes, is no HOCON
     */
    static Config read(Path file, Problems problems) {
        return read(file, List.of(), problems);
    }

    /** Returns the includer of a text outside of files, which includes nothing. */
    static ConfigIncluder none(Problems problems) {
        return new FilesAlone(List.of(), problems);
    }

    private static Config read(Path file, List<Path> includedBy, Problems problems) {
        List<Path> chain = new ArrayList<>(includedBy);
        chain.add(file);
        return ConfigFactory.parseFile(
                file.toFile(),
                ConfigParseOptions.defaults().setAllowMissing(false).setIncluder(new FilesAlone(chain, problems)));
    }

    /** The parser hands in what it would include with by itself, which is never asked. */
    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
        return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
        if (URL_SCHEME.matcher(what).matches()) {
            throw refused();
        }
        return includeFile(what);
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
        return includeFile(what.getPath());
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
        throw refused();
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String what) {
        throw refused();
    }

    private ConfigObject includeFile(String what) {
        if (chain.isEmpty()) {
            throw new Refused("includes a file, which only a configuration file may; write what it holds instead");
        }
        List<Path> looked = candidates(what);
        Config included = ConfigFactory.empty();
        boolean found = false;
        for (Path candidate : looked) {
            if (Files.isRegularFile(candidate)) {
                found = true;
                included = included.withFallback(readUnlessInACircle(candidate, what));
            }
        }
        if (!found) {
            problem(what, "which is not there; it was looked for as %s".formatted(either(looked)));
        }
        return included.root();
    }

    private Config readUnlessInACircle(Path candidate, String what) {
        if (chain.stream().anyMatch(file -> same(file, candidate))) {
            problem(what, "which includes this file again; take one of the two includes out");
            return ConfigFactory.empty();
        }
        return read(candidate, chain, problems);
    }

    // as HOCON has it: without an ending, all three that are there, the first of them winning
    private List<Path> candidates(String what) {
        Path including = including();
        try {
            Stream<String> names = ENDINGS.stream().anyMatch(what::endsWith)
                    ? Stream.of(what)
                    : ENDINGS.stream().map(ending -> what + ending);
            return names.map(including::resolveSibling).toList();
        } catch (InvalidPathException e) {
            return List.of();
        }
    }

    private Path including() {
        return chain.get(chain.size() - 1);
    }

    private static boolean same(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException e) {
            return one.toAbsolutePath()
                    .normalize()
                    .equals(other.toAbsolutePath().normalize());
        }
    }

    private static String either(List<Path> looked) {
        return looked.isEmpty()
                ? "nothing, as it is no name of a file"
                : looked.stream()
                        .map(path -> path.toAbsolutePath().normalize().toString())
                        .collect(Collectors.joining(" and "));
    }

    private void problem(String what, String message) {
        problems.add("", Optional.empty(), place(what), "includes \"%s\", %s".formatted(what, message));
    }

    // the parser does not tell where an include stands
    private String place(String what) {
        Pattern include = Pattern.compile(
                "\\binclude\\s+(?:required\\s*\\(\\s*)?(?:file\\s*\\(\\s*)?\"" + Pattern.quote(what) + "\"");
        try {
            List<String> lines = Files.readAllLines(including());
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i).strip();
                if (!line.startsWith("#")
                        && !line.startsWith("//")
                        && include.matcher(line).find()) {
                    return including() + ":" + (i + 1);
                }
            }
        } catch (IOException e) {
            return including().toString();
        }
        return including().toString();
    }

    private static Refused refused() {
        return new Refused("includes what is no file, and nothing is read from a network or out of the program; copy it"
                + " to a file, and write include file(\"NAME\")");
    }
}
