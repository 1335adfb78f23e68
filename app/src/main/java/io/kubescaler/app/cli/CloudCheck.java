package io.kubescaler.app.cli;

import io.kubescaler.app.config.Settings;
import io.kubescaler.app.config.Settings.PoolSettings;
import io.kubescaler.app.plugins.ProviderCatalog;
import io.kubescaler.provider.Finding;
import io.kubescaler.provider.NodePoolProvider;
import java.util.ArrayList;
import java.util.List;

/** Has each pool's provider look, by reading alone, for what would stand in the way later. */
final class CloudCheck {
    private final Settings settings;
    private final ProviderCatalog catalog;

    CloudCheck(Settings settings, ProviderCatalog catalog) {
        this.settings = settings;
        this.catalog = catalog;
    }

    /** Looks; each finding says which pool it is about. */
    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        for (PoolSettings pool : settings.pools()) {
            try (NodePoolProvider provider = Providers.readOnly(catalog, pool)) {
                for (Finding finding : provider.preflight(pool.policy().maximum())) {
                    findings.add(new Finding(
                            "pool %s: %s".formatted(pool.policy().pool(), finding.what()),
                            finding.severity(),
                            finding.message()));
                }
            }
        }
        return findings;
    }
}
