package io.kubescaler.app.plugins;

import io.kubescaler.app.observe.SecretMask;
import io.kubescaler.provider.ProviderException;
import io.kubescaler.provider.ProviderException.InvalidRequest;
import io.kubescaler.provider.ProviderException.NotFound;
import io.kubescaler.provider.ProviderException.NotSent;
import io.kubescaler.provider.ProviderException.QuotaExceeded;
import io.kubescaler.provider.ProviderException.RateLimited;
import io.kubescaler.provider.ProviderException.Transient;
import io.kubescaler.provider.ProviderException.Unauthorized;
import org.jspecify.annotations.Nullable;

/**
 * The one way into a plug-in: sets the context class loader, and lets out nothing but {@link ProviderException}s, none
 * of them with a secret in its message. Immutable and thread-safe.
 *
 * @param plugin the plug-in as people know it: the jar's file name
 * @param loader the plug-in's class loader
 * @param mask the secrets that the plug-in was given
 */
record PluginBoundary(String plugin, ClassLoader loader, SecretMask mask) {

    /** A call into a plug-in. */
    @FunctionalInterface
    interface Call<T> {
        /** Calls. May throw anything at all: plug-ins are compiled by others. */
        @Nullable
        T call() throws Exception;
    }

    /** Returns the same boundary that also masks these secrets. */
    PluginBoundary masking(SecretMask secrets) {
        return new PluginBoundary(plugin, loader, secrets);
    }

    /**
     * Calls the plug-in.
     *
     * @param method what is called, for the message
     * @return what it returned
     * @throws ProviderException what it threw; anything that is no ProviderException, and a null result, becomes
     *     {@link Transient}
     */
    <T> T call(String method, Call<T> call) throws ProviderException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return present(method, call.call());
        } catch (ProviderException declared) {
            throw masked(declared);
        } catch (Throwable thrown) {
            throw undeclared(method, thrown);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /**
     * Calls the plug-in where its interface declares no exception.
     *
     * @throws PluginException when it threw, or returned null
     */
    <T> T callUnchecked(String method, Call<T> call) {
        try {
            return call(method, call);
        } catch (ProviderException thrown) {
            throw new PluginException(message(thrown), thrown);
        }
    }

    /** Returns the exception itself, or one of its kind with the secrets in its message masked. */
    ProviderException masked(ProviderException thrown) {
        String message = message(thrown);
        if (message.equals(thrown.getMessage())) {
            return thrown;
        }
        if (thrown instanceof Unauthorized) {
            return new Unauthorized(message);
        }
        if (thrown instanceof NotFound) {
            return new NotFound(message);
        }
        if (thrown instanceof QuotaExceeded) {
            return new QuotaExceeded(message);
        }
        if (thrown instanceof RateLimited limited) {
            return new RateLimited(message, limited.retryAfter(), limited.scope());
        }
        if (thrown instanceof InvalidRequest) {
            return new InvalidRequest(message);
        }
        return thrown instanceof NotSent ? new NotSent(message, thrown) : new Transient(message, thrown);
    }

    private String message(ProviderException thrown) {
        String message = thrown.getMessage();
        return message == null || message.isBlank()
                ? "the plug-in %s gave no reason".formatted(plugin)
                : mask.mask(message);
    }

    private <T> T present(String method, @Nullable T result) throws Transient {
        if (result == null) {
            throw new Transient("the plug-in %s returned null from %s".formatted(plugin, method));
        }
        return result;
    }

    private Transient undeclared(String method, Throwable thrown) {
        PluginFaults.rethrowFatal(thrown);
        if (thrown instanceof InterruptedException) {
            // it took the flag with it, and the loop that called must still see that it is to stop
            Thread.currentThread().interrupt();
        }
        String what = mask.mask(PluginFaults.describe(thrown));
        return new Transient("the plug-in %s failed in %s: %s".formatted(plugin, method, what), thrown);
    }
}
