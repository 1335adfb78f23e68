package io.kubescaler.app.plugins;

import io.kubescaler.app.observe.SecretMask;
import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.NodePoolProviderFactory;
import io.kubescaler.provider.ProviderContext;
import io.kubescaler.provider.Setting;
import java.util.List;

/**
 * A factory of a plug-in. What it says of itself is asked once, when it is loaded, so that the rest of the program can
 * rely on it. Thread-safe.
 */
final class GuardedFactory implements NodePoolProviderFactory {
    private final NodePoolProviderFactory factory;
    private final PluginBoundary boundary;
    private final String name;
    private final String description;
    private final List<Setting> settings;

    /**
     * Asks the factory what it says of itself.
     *
     * @throws PluginException when it throws, or returns null
     */
    GuardedFactory(NodePoolProviderFactory factory, PluginBoundary boundary) {
        this.factory = factory;
        this.boundary = boundary;
        this.name = boundary.callUnchecked("name", factory::name);
        this.description = boundary.callUnchecked("description", factory::description);
        this.settings = boundary.callUnchecked("settings", () -> List.copyOf(factory.settings()));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public List<Setting> settings() {
        return settings;
    }

    @Override
    public List<Problem> validate(ProviderContext context) {
        PluginBoundary masking = boundary.masking(SecretMask.of(context, settings));
        try {
            return masking.callUnchecked("validate", () -> List.copyOf(factory.validate(context))).stream()
                    .map(problem -> new Problem(problem.key(), masking.mask().mask(problem.message())))
                    .toList();
        } catch (PluginException thrown) {
            return List.of(new Problem("cloud-provider", String.valueOf(thrown.getMessage())));
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws PluginException when the plug-in throws, or returns null
     */
    @Override
    public NodePoolProvider create(ProviderContext context) {
        PluginBoundary masking = boundary.masking(SecretMask.of(context, settings));
        return new GuardedProvider(masking.callUnchecked("create", () -> factory.create(context)), masking);
    }
}
