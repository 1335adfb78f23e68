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
 * them as they are, and as JSON, URLs and Base64 spell them. It knows each new text of a secret that changes before that
 * can have been sent, and goes on masking those before it. Thread-safe.
 */
public final class SecretMask {
    /** Masks nothing. */
    public static final SecretMask NONE = of(List.<String>of());

    /** What stands where a secret was. */
    public static final String MASK = "***";

    // anything shorter is no secret, and masking it would eat ordinary words
    private static final int SHORTEST = 4;

    private final List<Secret> secrets;
    private volatile Hidden hidden;

    /** What is hidden for the texts that the secrets have had. */
    private record Hidden(List<List<String>> texts, List<String> spellings) {
        static Hidden of(List<List<String>> texts) {
            Set<String> spellings = new LinkedHashSet<>();
            texts.forEach(all -> all.forEach(text -> add(text.strip(), spellings)));
            // the longest first, so that a secret that contains another one goes as a whole
            List<String> longestFirst = new ArrayList<>(spellings);
            longestFirst.sort(Comparator.comparingInt(String::length).reversed());
            return new Hidden(texts, List.copyOf(longestFirst));
        }

        private static void add(String text, Set<String> spellings) {
            if (text.length() >= SHORTEST) {
                spellings.add(text);
                spellings.add(asJson(text));
                spellings.add(URLEncoder.encode(text, StandardCharsets.UTF_8));
                // what pads it may be left out
                spellings.add(
                        Base64.getEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
            }
        }

        @Override
        public String toString() {
            return MASK;
        }
    }

    private SecretMask(List<Secret> secrets) {
        this.secrets = List.copyOf(secrets);
        this.hidden = Hidden.of(texts());
    }

    /** Returns a mask of these texts; those that are shorter than 4 characters are left out. */
    public static SecretMask of(Collection<String> secrets) {
        return new SecretMask(secrets.stream().map(Secret::new).toList());
    }

    /**
     * Returns a mask of the secrets of one provider: its token and its secret settings.
     *
     * @param declared the settings that the provider declares, which say what is secret
     */
    public static SecretMask of(ProviderContext context, List<Setting> declared) {
        return new SecretMask(secretsOf(context, declared));
    }

    /**
     * Returns a mask of every secret in the configuration.
     *
     * @param providers a provider's factory by its name
     */
    public static SecretMask of(Settings settings, Function<String, Optional<NodePoolProviderFactory>> providers) {
        List<Secret> secrets = new ArrayList<>();
        for (PoolSettings pool : settings.pools()) {
            List<Setting> declared = providers
                    .apply(pool.provider())
                    .map(NodePoolProviderFactory::settings)
                    .orElse(List.of());
            secrets.addAll(secretsOf(pool.context(), declared));
        }
        return new SecretMask(secrets);
    }

    /** Returns the text with every secret in it replaced by {@link #MASK}. */
    public String mask(String text) {
        String masked = text;
        for (String secret : spellings()) {
            masked = masked.replace(secret, MASK);
        }
        return masked;
    }

    /** Returns whether there is nothing to mask. */
    public boolean isEmpty() {
        return spellings().isEmpty();
    }

    /** Says how many spellings are masked, never which. */
    @Override
    public String toString() {
        return "SecretMask[" + spellings().size() + "]";
    }

    private List<List<String>> texts() {
        return secrets.stream().map(Secret::texts).toList();
    }

    private List<String> spellings() {
        Hidden known = hidden;
        List<List<String>> texts = texts();
        if (!known.texts.equals(texts)) {
            known = Hidden.of(texts);
            hidden = known;
        }
        return known.spellings;
    }

    private static List<Secret> secretsOf(ProviderContext context, List<Setting> declared) {
        List<Secret> secrets = new ArrayList<>();
        context.token().ifPresent(secrets::add);
        for (Setting setting : declared) {
            String value = context.settings().get(setting.key());
            if (setting.secret() && value != null) {
                secrets.add(new Secret(value));
            }
        }
        return secrets;
    }

    private static String asJson(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
