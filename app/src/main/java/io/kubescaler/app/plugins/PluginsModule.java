package io.kubescaler.app.plugins;

import com.google.inject.AbstractModule;

/** Binds the {@link ProviderCatalog}. It exists before the injector, since the configuration is checked against it. */
public final class PluginsModule extends AbstractModule {
    private final ProviderCatalog catalog;

    /** Binds that catalog; whoever opened it closes it. */
    public PluginsModule(ProviderCatalog catalog) {
        this.catalog = catalog;
    }

    @Override
    protected void configure() {
        bind(ProviderCatalog.class).toInstance(catalog);
    }
}
