package io.kubescaler.provider;

import java.util.Optional;

/**
 * What became of one machine that was to be deleted. Immutable and thread-safe.
 *
 * @param instanceId its id
 * @param error why it is still there, or may be; empty when the cloud has taken the deletion or it was gone already
 */
public record Deletion(String instanceId, Optional<ProviderException> error) {
    /** Returns the result of a deletion that the cloud has taken, or that was not needed any more. */
    public static Deletion done(String instanceId) {
        return new Deletion(instanceId, Optional.empty());
    }

    /** Returns the result of a deletion that failed. */
    public static Deletion failed(String instanceId, ProviderException error) {
        return new Deletion(instanceId, Optional.of(error));
    }
}
