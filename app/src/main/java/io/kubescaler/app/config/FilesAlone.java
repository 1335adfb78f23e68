package io.kubescaler.app.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import java.io.File;
import java.net.URL;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Has a configuration include other files and nothing else. HOCON also knows {@code include url(…)}, and takes a plain
 * text that looks like a URL for one: whoever served that would set the address that the token goes to, and reading a
 * configuration would reach the network. Immutable and thread-safe.
 */
final class FilesAlone implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
    private static final Pattern URL_SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+:.*", Pattern.DOTALL);

    private final @Nullable ConfigIncluder files;

    FilesAlone() {
        this(null);
    }

    private FilesAlone(@Nullable ConfigIncluder files) {
        this.files = files;
    }

    /** An include that is none of a file. */
    static final class Refused extends ConfigException {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    /** The parser hands in what it would include with by itself. */
    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
        return new FilesAlone(fallback);
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
        if (URL_SCHEME.matcher(what).matches()) {
            throw refused();
        }
        return Objects.requireNonNull(files).include(context, what);
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
        return Objects.requireNonNull((ConfigIncluderFile) files).includeFile(context, what);
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
        throw refused();
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String what) {
        throw refused();
    }

    private static Refused refused() {
        return new Refused("includes what is no file, and nothing is read from a network or out of the program; copy it"
                + " to a file, and write include file(\"NAME\")");
    }
}
