package io.kubescaler.app.plugins;

import io.kubescaler.app.observe.SecretMask;
import io.kubescaler.provider.NodePoolProvider;
import java.util.List;

/** Puts a provider of the tests behind the same guard as that of a plug-in. */
public final class GuardedForTests {
    private GuardedForTests() {}

    /**
     * Returns the provider as the scaler would see it.
     *
     * @param token the secret that it was given
     */
    public static NodePoolProvider guarded(NodePoolProvider provider, String token) {
        ClassLoader loader = GuardedForTests.class.getClassLoader();
        return new GuardedProvider(provider, new PluginBoundary("tests", loader, SecretMask.of(List.of(token))));
    }
}
