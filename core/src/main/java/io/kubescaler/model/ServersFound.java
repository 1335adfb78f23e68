package io.kubescaler.model;

import java.util.List;
import java.util.Optional;

/**
 * What was found of a pool's servers in the whole cluster. Immutable and thread-safe.
 *
 * @param pods how many live pods match the pool's server selector: on any node or on none, terminating ones included
 * @param carried where none does, the labels that pods on the pool's nodes carry instead, the nearest to the selector
 *     first; DaemonSet and static pods do not count. Empty when nobody has looked
 */
public record ServersFound(int pods, Optional<List<CarriedLabel>> carried) {
    public ServersFound {
        carried = carried.map(List::copyOf);
    }

    /** Returns a number of pods, with no look at labels. */
    public static ServersFound of(int pods) {
        return new ServersFound(pods, Optional.empty());
    }

    /** Returns this with the labels that pods carry instead. */
    public ServersFound withCarried(List<CarriedLabel> labels) {
        return new ServersFound(pods, Optional.of(labels));
    }

    /**
     * A label that pods carry.
     *
     * @param label {@code name=value}
     * @param pods how many carry it
     */
    public record CarriedLabel(String label, int pods) {
        @Override
        public String toString() {
            return label + " (" + pods + ")";
        }
    }
}
