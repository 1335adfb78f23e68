package io.kubescaler.control;

/**
 * Is told of every pass: the place for logs, events and metrics. Called by the pool's own thread after the pass; must
 * not block for long. What it throws is logged and ends there.
 */
@FunctionalInterface
public interface PassListener {
    /** A pass has ended. */
    void passed(PassRecord pass);
}
