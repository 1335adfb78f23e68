package io.kubescaler.app.config;

import io.kubescaler.provider.Secret;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Collects everything wrong with a configuration, so that all of it is shown at once. Secrets that were made known to
 * it are masked in every text, whoever wrote it. For one thread.
 */
final class Problems {
    private static final String MASK = "***";
    // masking every occurrence of fewer letters would only garble the texts
    private static final int SHORTEST = 4;

    private final Set<Problem> found = new LinkedHashSet<>();
    private final List<Secret> secrets = new ArrayList<>();

    /** Adds a problem; one that was added before counts once. */
    void add(String key, Optional<String> value, String origin, String message) {
        found.add(new Problem(key, value, origin, message));
    }

    /** Makes a secret known. */
    void protect(Secret secret) {
        if (secret.reveal().length() >= SHORTEST) {
            secrets.add(secret);
        }
    }

    /** Returns a text with every known secret in it masked. */
    String masked(String text) {
        String masked = text;
        for (Secret secret : secrets) {
            masked = masked.replace(secret.reveal(), MASK);
        }
        return masked;
    }

    /** Returns whether something was wrong with that key. */
    boolean has(String key) {
        return found.stream().anyMatch(problem -> problem.key().equals(key));
    }

    /**
     * Ends here when anything was wrong.
     *
     * @throws ConfigurationException with all of it
     */
    void throwIfAny() throws ConfigurationException {
        if (!found.isEmpty()) {
            throw new ConfigurationException(found.stream()
                    .map(problem -> new Problem(
                            problem.key(),
                            problem.value().map(this::masked),
                            problem.origin(),
                            masked(problem.message())))
                    .toList());
        }
    }
}
