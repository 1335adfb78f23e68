package io.kubescaler.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.NodePoolProviderFactory;
import io.kubescaler.provider.NodePoolProviderFactory.Problem;
import io.kubescaler.provider.ProviderContext;
import io.kubescaler.provider.Setting;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/**
 * The contract that every {@link NodePoolProviderFactory} keeps, one rule a test. Extend it in your own tests, as with
 * {@link NodePoolProviderContract}. Reaches no cloud.
 */
public abstract class NodePoolProviderFactoryContract {
    /** What every lease leaves for a request that changes something. */
    private static final Duration EVERY_LEASE_LEAVES = Duration.ofSeconds(5);

    /** Returns the factory, made as the service loader makes it. */
    protected abstract NodePoolProviderFactory factory();

    /**
     * Returns a context that the factory has nothing against, with every default of its settings filled in. Where the
     * provider needs a token, a cluster name or a pool name, it is there. No cloud needs to answer.
     */
    protected abstract ProviderContext validContext();

    /**
     * Returns settings, valid but for that, which let a request that changes something take longer than 5 seconds; none
     * where no setting can, and then the rule that needs them is skipped.
     */
    protected Map<String, String> settingsForSlowWrites() {
        return Map.of();
    }

    @Test
    void isFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(NodePoolProviderFactory.class).stream().map(ServiceLoader.Provider::type))
                .as("META-INF/services/%s names the class", NodePoolProviderFactory.class.getName())
                .contains(factory().getClass());
    }

    @Test
    void hasAPlainName() {
        assertThat(factory().name())
                .as("name() is what cloud-provider selects it by: lower case letters, digits and hyphens")
                .matches("[a-z0-9]+(-[a-z0-9]+)*");
    }

    @Test
    void describesItself() {
        assertThat(factory().description()).as("description() is a sentence").isNotBlank();
    }

    @Test
    void describesEachSettingOnceInKebabCase() {
        List<Setting> settings = factory().settings();

        assertThat(settings.stream().map(Setting::key))
                .as("each key once, in kebab-case")
                .doesNotHaveDuplicates()
                .allMatch(key -> key.matches("[a-z0-9]+(-[a-z0-9]+)*"));
        assertThat(settings).allSatisfy(setting -> {
            assertThat(setting.description())
                    .as("the setting %s says what it is for", setting.key())
                    .isNotBlank();
            assertThat(setting.required() && setting.defaultValue().isPresent())
                    .as("the setting %s is required or has a default, not both", setting.key())
                    .isFalse();
        });
    }

    @Test
    void acceptsAValidContext() {
        assertThat(factory().validate(validContext()))
                .as("validate() has nothing against a valid context")
                .isEmpty();
    }

    @Test
    void hasDefaultsThatFitEveryLease() {
        ProviderContext fenced = validContext().withLongestWrite(Optional.of(EVERY_LEASE_LEAVES));

        assertThat(factory().validate(fenced))
                .as("a request that changes something takes at most 5 s unless the user asks for more")
                .isEmpty();
    }

    @Test
    void refusesSettingsThatLetAWriteOutlastTheLease() {
        Map<String, String> slow = settingsForSlowWrites();
        assumeFalse(slow.isEmpty(), "no setting lets a request take longer");
        ProviderContext valid = validContext();
        Map<String, String> settings = new HashMap<>(valid.settings());
        settings.putAll(slow);
        ProviderContext standalone = withSettings(valid, settings);

        assertThat(factory().validate(standalone))
                .as("where nobody else can be acting, a request may take its time")
                .isEmpty();
        assertThat(factory().validate(standalone.withLongestWrite(Optional.of(EVERY_LEASE_LEAVES))))
                .as("validate() names a setting that lets a write take longer than ProviderContext.longestWrite")
                .extracting(Problem::key)
                .containsAnyElementsOf(slow.keySet());
    }

    @Test
    void makesAProviderWithoutReachingTheCloud() {
        NodePoolProvider provider = factory().create(validContext());

        assertThat(provider)
                .as("create() makes a provider; the cloud is reached by its calls")
                .isNotNull();
        provider.close();
    }

    @Test
    void namesEachRequiredSettingThatIsMissing() {
        ProviderContext valid = validContext();
        for (Setting setting : factory().settings()) {
            if (setting.required()) {
                Map<String, String> settings = new HashMap<>(valid.settings());
                settings.remove(setting.key());
                assertThat(factory().validate(withSettings(valid, settings)))
                        .as("validate() names the required setting %s when it is missing", setting.key())
                        .extracting(Problem::key)
                        .contains(setting.key());
            }
        }
    }

    @Test
    void namesEverythingThatIsMissingInOneGo() {
        ProviderContext valid = validContext();
        ProviderContext bare =
                new ProviderContext(Optional.empty(), "", Optional.empty(), Map.of(), valid.userAgent(), valid.clock());

        assertThat(factory().validate(bare))
                .as("validate() throws nothing on a context without a name, a token or settings; each problem has a"
                        + " key and words")
                .allSatisfy(problem -> {
                    assertThat(problem.key()).isNotBlank();
                    assertThat(problem.message()).isNotBlank();
                });
    }

    @Test
    void showsNoSecretInAProblem() {
        ProviderContext valid = validContext();
        Map<String, String> settings = new HashMap<>(valid.settings());
        for (Setting setting : factory().settings()) {
            settings.put(setting.key(), setting.secret() ? "hunter2 \u0000" : "\u0000");
        }

        assertThat(factory().validate(withSettings(valid, settings)).toString())
                .as("a problem never shows the value of a secret setting")
                .doesNotContain("hunter2");
    }

    private static ProviderContext withSettings(ProviderContext context, Map<String, String> settings) {
        return new ProviderContext(
                context.clusterName(),
                context.poolName(),
                context.token(),
                settings,
                context.userAgent(),
                context.clock());
    }
}
