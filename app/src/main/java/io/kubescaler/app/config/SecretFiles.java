package io.kubescaler.app.config;

import io.kubescaler.provider.Secret;
import io.kubescaler.secrets.TextFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The secrets that were named by files: one for each file, however many pools use it. For one thread. */
final class SecretFiles {
    private final LongSupplier nanoTime;
    private final Map<Path, Secret> secrets = new HashMap<>();

    /** @param nanoTime a clock like {@link System#nanoTime}, for the reading anew */
    SecretFiles(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Returns the secret of a file, which is read anew when it changes; empty when it holds none now. */
    Optional<Secret> secret(Key key, Path file) {
        try {
            if (!secrets.containsKey(file)) {
                secrets.put(file, new Secret(TextFile.token(key.path(), file, nanoTime)));
            }
            return Optional.of(secrets.get(file));
        } catch (IOException none) {
            // the text that was read from it is checked, and told of, as any other
            return Optional.empty();
        }
    }
}
