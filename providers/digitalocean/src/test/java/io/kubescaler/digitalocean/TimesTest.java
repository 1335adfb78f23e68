package io.kubescaler.digitalocean;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

final class TimesTest {
    private final Times times = new Times();

    @Test
    void readsATimeInAnyZoneAndTheSameAgain() {
        Instant time = Instant.parse("2026-01-01T00:00:00.5Z");
        for (int i = 0; i < 2; i++) {
            assertThat(times.read("2026-01-01T00:00:00.5Z")).contains(time);
            assertThat(times.read("2026-01-01T02:00:00.5+02:00")).contains(time);
        }
    }

    @Test
    void takesWhatIsNotSetOrNoTimeForNone() {
        for (String text : new String[] {"", "soon", "0001-01-01T00:00:00Z", "2026-01-01"}) {
            assertThat(times.read(text)).as(text).isEmpty();
        }
    }

    @Test
    void goesOnReadingWhenItHasSeenMoreThanItRemembers() {
        Instant first = Instant.parse("2026-01-01T00:00:00Z");
        for (int i = 0; i < 10_001; i++) {
            Instant time = first.plusSeconds(i);
            assertThat(times.read(time.toString())).contains(time);
        }
        assertThat(times.read(first.toString())).contains(first);
    }
}
