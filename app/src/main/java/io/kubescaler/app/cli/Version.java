package io.kubescaler.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * Which program this is.
 *
 * @param version its version
 * @param commit the commit it was built from; {@code unknown} when the build was not told
 */
record Version(String version, String commit) {
    /** Reads what the build wrote. */
    static Version read() {
        Properties properties = new Properties();
        try (InputStream stream = Version.class.getResourceAsStream("version.properties")) {
            if (stream == null) {
                throw new IllegalStateException("the program was built without version.properties");
            }
            properties.load(stream);
        } catch (IOException e) {
            throw new UncheckedIOException("version.properties of the program cannot be read", e);
        }
        return new Version(properties.getProperty("version", "unknown"), properties.getProperty("commit", "unknown"));
    }

    /** Returns what the program calls itself towards clouds. */
    String userAgent() {
        return "kubescaler/" + version;
    }
}
