package io.kubescaler.app.http;

import java.util.List;

/**
 * What the health endpoints look at. Immutable and thread-safe.
 *
 * @param heartbeats the loops that must keep coming round, or {@code /livez} fails
 * @param checks what must be so, or {@code /readyz} fails
 */
public record Health(List<Heartbeat> heartbeats, List<ReadinessCheck> checks) {
    public Health {
        heartbeats = List.copyOf(heartbeats);
        checks = List.copyOf(checks);
    }
}
