package io.kubescaler.provider;

/**
 * One thing that a preflight looked at. Immutable and thread-safe.
 *
 * @param what what was looked at, such as {@code node pool}
 * @param severity how it was found
 * @param message what was found and, unless it is fine, what to do about it; without secrets
 */
public record Finding(String what, Severity severity, String message) {
    /** How a thing was found. */
    public enum Severity {
        /** As it should be. */
        OK,
        /** It will work, but not as well as it could, or could not be looked at. */
        WARNING,
        /** Scaling will fail. */
        ERROR
    }

    /** Returns a good finding. */
    public static Finding ok(String what, String message) {
        return new Finding(what, Severity.OK, message);
    }

    /** Returns a finding that does not stop the scaler. */
    public static Finding warning(String what, String message) {
        return new Finding(what, Severity.WARNING, message);
    }

    /** Returns a finding with which the scaler cannot work. */
    public static Finding error(String what, String message) {
        return new Finding(what, Severity.ERROR, message);
    }
}
