package io.kubescaler.control;

/**
 * Is told of every pass: the place for logs, events and metrics. Called by the pool's own thread after the pass; must
 * not block for long. What it throws is logged and ends there.
 */
@FunctionalInterface
public interface PassListener {
    /** A pass has ended. */
    void passed(PassRecord pass);

    /**
     * A pass has come to nothing, by a defect of ours or of a plug-in: there is no record of it.
     *
     * @param pool the pool's name
     * @param defect what it threw
     */
    default void failed(String pool, Throwable defect) {}
}
