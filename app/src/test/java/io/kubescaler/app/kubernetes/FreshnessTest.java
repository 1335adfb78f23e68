package io.kubescaler.app.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FreshnessTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);
    private final Freshness freshness = new Freshness("pods", now::get, Duration.ofSeconds(90));

    @Test
    void isNotThereBeforeTheFirstListAndNamesWhatStandsInTheWay() {
        assertThat(freshness.whyNot()).contains("the pods of the cluster have not been read yet");
        freshness.failed("403: no rule");
        assertThat(freshness.whyNot()).contains("the pods of the cluster have not been read yet: 403: no rule");
    }

    @Test
    void lastsForTheBoundAfterTheLastSignOfLife() {
        freshness.synced();
        pass(Duration.ofSeconds(60));
        freshness.alive();
        pass(Duration.ofSeconds(90));
        assertThat(freshness.whyNot()).isEmpty();
        pass(Duration.ofNanos(1));
        freshness.failed("connection refused");
        assertThat(freshness.whyNot())
                .contains("nothing has been heard of the pods of the cluster for 90 s: connection refused");
        freshness.alive();
        assertThat(freshness.whyNot()).isEmpty();
    }

    @Test
    void isGoneWhileAllIsListedAnew() {
        freshness.listing();
        freshness.synced();
        freshness.listing();
        freshness.alive();
        assertThat(freshness.whyNot()).contains("the pods of the cluster are being listed anew");
        freshness.synced();
        assertThat(freshness.whyNot()).isEmpty();
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
