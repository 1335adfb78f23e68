package io.kubescaler.digitalocean;

import io.kubescaler.provider.ProviderException;

/** Lets time pass between two requests. */
@FunctionalInterface
interface Pause {
    /**
     * Returns after so many nanoseconds.
     *
     * @throws InterruptedException when the thread is interrupted meanwhile
     * @throws ProviderException.Transient when the provider is closed meanwhile
     */
    void forNanos(long nanos) throws InterruptedException, ProviderException.Transient;
}
