package io.kubescaler.kubernetes.lease;

/**
 * Is told when a replica's standing with the lease changes: for logs, health and to begin a pass at once. It is no fence:
 * what it is told may be seconds old. Called by the lease's own thread, which renews nothing meanwhile, so it must return
 * at once. What it throws is logged and ends there.
 */
@FunctionalInterface
public interface LeaseListener {
    /** The role or the holder has changed. */
    void changed(LeaseStatus before, LeaseStatus after);
}
