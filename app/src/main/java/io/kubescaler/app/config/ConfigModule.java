package io.kubescaler.app.config;

import com.google.inject.AbstractModule;

/** Binds the {@link Settings}, which were read and checked before the injector. */
public final class ConfigModule extends AbstractModule {
    private final Settings settings;

    /** Takes what is to be bound. */
    public ConfigModule(Settings settings) {
        this.settings = settings;
    }

    @Override
    protected void configure() {
        bind(Settings.class).toInstance(settings);
    }
}
