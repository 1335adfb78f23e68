package io.kubescaler.control;

import io.kubescaler.provider.ProviderException;

/** Puts errors of the cloud, of plug-ins and of the cluster into one line for people. */
final class Errors {
    private Errors() {}

    /** Returns the kind of error and what the cloud said, such as {@code QuotaExceeded: droplet limit reached}. */
    static String describe(ProviderException error) {
        return error.getClass().getSimpleName() + ": " + error.getMessage();
    }

    /** Returns what an unexpected error is. */
    static String describe(Throwable error) {
        return "failed unexpectedly: " + error;
    }

    /** Returns the kind of error and what the cluster said. */
    static String describe(ClusterException error) {
        return error.kind() + ": " + error.getMessage();
    }
}
