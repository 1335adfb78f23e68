package io.kubescaler.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LifecycleTest {
    private final List<String> seen = new ArrayList<>();
    private final Lifecycle lifecycle = new Lifecycle();

    @Test
    void startsInOrderAndStopsInReverse() throws Exception {
        add("a");
        add("b").start();
        lifecycle.close();

        assertThat(seen).containsExactly("start a", "start b", "stop b", "stop a");
    }

    @Test
    void stopsOnceAndNothingThatWasNeverStarted() throws Exception {
        add("a");
        lifecycle.close();
        lifecycle.start();
        lifecycle.close();
        lifecycle.close();

        assertThat(seen).containsExactly("start a", "stop a");
    }

    @Test
    void stopsThePartsBeforeTheOneThatFailedToStartAndItToo() {
        add("a").add(
                        "b",
                        () -> {
                            throw new IOException("no room");
                        },
                        () -> seen.add("stop b"));
        add("c");

        assertThatThrownBy(lifecycle::start).isInstanceOf(IOException.class).hasMessage("no room");
        lifecycle.close();

        assertThat(seen).containsExactly("start a", "stop b", "stop a");
    }

    @Test
    void goesOnStoppingWhenAPartFailsTo() throws Exception {
        add("a").add("b", () -> seen.add("start b"), () -> {
            throw new IllegalStateException("stuck");
        });
        lifecycle.start();
        lifecycle.close();

        assertThat(seen).containsExactly("start a", "start b", "stop a");
    }

    private Lifecycle add(String name) {
        return lifecycle.add(name, () -> seen.add("start " + name), () -> seen.add("stop " + name));
    }
}
