package io.kubescaler.app.observe;

import io.kubescaler.app.config.Settings;
import io.kubescaler.app.config.Settings.PoolSettings;
import io.kubescaler.provider.NodePoolProviderFactory;
import io.kubescaler.provider.ProviderContext;
import io.kubescaler.provider.Secret;
import io.kubescaler.provider.Setting;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Replaces known secrets in a text by {@code ***}: a safety net below code that already keeps them to itself. It finds
 * them as they are, and as JSON, URLs and Base64 spell them. Immutable and thread-safe.
 */
public final class SecretMask {
    /** Masks nothing. */
    public static final SecretMask NONE = of(List.of());

    /** What stands where a secret was. */
    public static final String MASK = "***";

    // anything shorter is no secret, and masking it would eat ordinary words
    private static final int SHORTEST = 4;

    private final List<String> hidden;

    private SecretMask(List<String> hidden) {
        this.hidden = List.copyOf(hidden);
    }

    /** Returns a mask of these texts; those that are shorter than 4 characters are left out. */
    public static SecretMask of(Collection<String> secrets) {
        Set<String> spellings = new LinkedHashSet<>();
        for (String secret : secrets) {
            String trimmed = secret.strip();
            if (trimmed.length() >= SHORTEST) {
                spellings.add(trimmed);
                spellings.add(asJson(trimmed));
                spellings.add(URLEncoder.encode(trimmed, StandardCharsets.UTF_8));
                spellings.add(Base64.getEncoder().encodeToString(trimmed.getBytes(StandardCharsets.UTF_8)));
            }
        }
        // the longest first, so that a secret that contains another one goes as a whole
        List<String> longestFirst = new ArrayList<>(spellings);
        longestFirst.sort(Comparator.comparingInt(String::length).reversed());
        return new SecretMask(longestFirst);
    }

    /**
     * Returns a mask of the secrets of one provider: its token and its secret settings.
     *
     * @param declared the settings that the provider declares, which say what is secret
     */
    public static SecretMask of(ProviderContext context, List<Setting> declared) {
        return of(secretsOf(context, declared));
    }

    /**
     * Returns a mask of every secret in the configuration.
     *
     * @param providers a provider's factory by its name
     */
    public static SecretMask of(Settings settings, Function<String, Optional<NodePoolProviderFactory>> providers) {
        List<String> secrets = new ArrayList<>();
        for (PoolSettings pool : settings.pools()) {
            List<Setting> declared = providers
                    .apply(pool.provider())
                    .map(NodePoolProviderFactory::settings)
                    .orElse(List.of());
            secrets.addAll(secretsOf(pool.context(), declared));
        }
        return of(secrets);
    }

    /** Returns the text with every secret in it replaced by {@link #MASK}. */
    public String mask(String text) {
        String masked = text;
        for (String secret : hidden) {
            masked = masked.replace(secret, MASK);
        }
        return masked;
    }

    /** Returns whether there is nothing to mask. */
    public boolean isEmpty() {
        return hidden.isEmpty();
    }

    /** Says how many spellings are masked, never which. */
    @Override
    public String toString() {
        return "SecretMask[" + hidden.size() + "]";
    }

    private static List<String> secretsOf(ProviderContext context, List<Setting> declared) {
        List<String> secrets = new ArrayList<>();
        context.token().map(Secret::reveal).ifPresent(secrets::add);
        for (Setting setting : declared) {
            String value = context.settings().get(setting.key());
            if (setting.secret() && value != null) {
                secrets.add(value);
            }
        }
        return secrets;
    }

    private static String asJson(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
