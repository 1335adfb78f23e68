package io.kubescaler.plan;

import java.util.Locale;

/** What a node, or an instance without one, is to the scaler. Derived anew on every pass. */
public enum NodeState {
    /** Ready, schedulable and staying: it takes servers. */
    ACTIVE,
    /** Not Ready yet and young enough to be waited for. */
    BOOTING,
    /** Set aside by the scaler: it takes no servers and will be deleted once empty. */
    CORDONED,
    /** Set aside by a person: the scaler leaves it alone. */
    HELD,
    /** Not Ready, and no longer expected to be. */
    UNREADY,
    /** Another configured pool selects it too, and this pool's cloud does not list its machine: it is left to that pool. */
    SHARED,
    /** On its way out. */
    DELETING;

    /** Returns the state as the JSON documents and metrics spell it, such as {@code active}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
