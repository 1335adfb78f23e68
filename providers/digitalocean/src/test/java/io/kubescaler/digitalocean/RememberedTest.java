package io.kubescaler.digitalocean;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.provider.ProviderException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RememberedTest {
    // near the end of its range, since nanoTime may overflow
    private long now = Long.MAX_VALUE - Duration.ofMinutes(3).toNanos();
    private Optional<Integer> answer = Optional.of(3);
    private boolean fails;
    private int reads;
    private final Remembered<Integer> room = new Remembered<>("the room", Duration.ofMinutes(1), () -> now);

    private Optional<Integer> get() throws ProviderException {
        return room.get(
                deadline -> {
                    reads++;
                    if (fails) {
                        throw new ProviderException.Transient("HTTP 500");
                    }
                    return answer;
                },
                Deadline.in(Duration.ofSeconds(25), () -> now));
    }

    private void pass(Duration duration) {
        now += duration.toNanos();
    }

    @Test
    void readsAgainOnlyWhenItIsOld() throws Exception {
        assertThat(get()).contains(3);
        answer = Optional.of(4);
        pass(Duration.ofSeconds(59));
        assertThat(get()).contains(3);
        pass(Duration.ofSeconds(1));
        assertThat(get()).contains(4);
        assertThat(reads).isEqualTo(2);
    }

    @Test
    void isDroppedOnceItShouldHaveBeenReadAnew10MinutesAgo() throws Exception {
        get();
        fails = true;
        pass(Duration.ofMinutes(11).minusSeconds(1));
        assertThat(get()).contains(3);
        pass(Duration.ofSeconds(1));
        assertThat(get()).as("also while no new try is due").isEmpty();
        for (int hour = 0; hour < 48; hour++) {
            pass(Duration.ofHours(1));
            assertThat(get()).isEmpty();
        }
    }

    @Test
    void isKnownAgainOnceItCanBeRead() throws Exception {
        get();
        fails = true;
        pass(Duration.ofHours(1));
        assertThat(get()).isEmpty();
        fails = false;
        pass(Duration.ofMinutes(1));
        assertThat(get()).contains(3);
    }
}
