package io.kubescaler.kubernetes.events;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.kubescaler.control.ClusterException;
import java.time.Instant;

/** Where Events are written. Every call is a single bounded request. */
interface EventSink {
    /** Returns whether there is an object to attach the notice to: there is no own pod outside a cluster. */
    boolean canWrite(Notice notice);

    /** Writes a new Event and returns it as stored. */
    Event create(Notice notice) throws ClusterException;

    /**
     * Notes on an Event how often the same has happened.
     *
     * @return false when the Event has expired
     */
    boolean count(Event event, int count, Instant last) throws ClusterException;
}
