package io.kubescaler.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CausesTest {
    @Test
    void isTheSameWhateverMovesOnByItself() {
        same("the cloud asks to wait 43 s more", "the cloud asks to wait 7 s more");
        same(
                "growth is paused until 2026-01-01T00:05:00Z: no room",
                "growth is paused until 2026-01-01T00:10:00.5Z: no room");
        same("9 slots are free and 12 are required", "10 slots are free and 14 are required");
        same("no answer in 2.5s (attempt 3)", "no answer in 12.25s (attempt 4)");
        same(
                "HTTP 429 (request 6f1c2a9e-3b7d-4a51-9c0e-d2f8a7b6c5e4)",
                "HTTP 429 (request 0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9)");
    }

    @Test
    void isAnotherForAnotherThingOrStatus() {
        different("HTTP 500: it failed", "HTTP 503: it failed");
        different("the machine is node pool-1-a", "the machine is node pool-2-a");
        different("10.0.0.1:6443 refused the connection", "10.0.0.2:6443 refused the connection");
        different("1 live server is on it", "2 live servers are on it");
        different("the cloud has no room", "the quota is used up");
    }

    private static void same(String one, String other) {
        assertThat(Causes.of(one)).isEqualTo(Causes.of(other));
    }

    private static void different(String one, String other) {
        assertThat(Causes.of(one)).isNotEqualTo(Causes.of(other));
    }
}
