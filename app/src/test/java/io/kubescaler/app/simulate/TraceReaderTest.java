package io.kubescaler.app.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubescaler.app.simulate.Trace.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TraceReaderTest {
    @TempDir
    private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("trace.csv"), text);
    }

    @Test
    void readsServersInTheOrderOfTheirStarts() throws IOException {
        Trace trace = TraceReader.read(file("""
            start_seconds,duration_seconds
            60.5,30

            0,
            """));

        assertThat(trace.servers())
                .containsExactly(
                        new Server(Duration.ZERO, Optional.empty()),
                        new Server(Duration.ofMillis(60_500), Optional.of(Duration.ofSeconds(30))));
        assertThat(trace.length()).isEqualTo(Duration.ofMillis(90_500));
    }

    @Test
    void readsColumnsByTheirNames() throws IOException {
        Trace trace = TraceReader.read(file("id,duration_seconds,start_seconds\nx,5,\"1\"\n"));

        assertThat(trace.servers())
                .containsExactly(new Server(Duration.ofSeconds(1), Optional.of(Duration.ofSeconds(5))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|is empty",
                "start,end~1,2|trace.csv:1: the header 'start,end' has no column start_seconds",
                "start_seconds,duration_seconds~|has a header and no server",
                "start_seconds,duration_seconds~1,2~,3|trace.csv:3: start_seconds is missing",
                "start_seconds,duration_seconds~-1,2|trace.csv:2: start_seconds is '-1'; write seconds",
                "start_seconds,duration_seconds~1,5m|trace.csv:2: duration_seconds is '5m'; write seconds",
                "start_seconds,duration_seconds~1760000000000,5|'1760000000000'; write seconds from 0 to 1000000000"
            })
    void namesTheLineTheValueAndTheRemedy(String text, String message) {
        assertThatThrownBy(() -> TraceReader.read(file(text.replace('~', '\n'))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message);
    }

    @Test
    void namesTheRightLineOfEachProblemAndHowManyMore() {
        assertThatThrownBy(() -> TraceReader.read(file("start_seconds,duration_seconds\n0,x\n\n,5\n1,2\ny,\n")))
                .hasMessage("%1$s:2: duration_seconds is 'x'; write seconds from 0 to 1000000000%n"
                                .formatted(folder.resolve("trace.csv"))
                        + "  %1$s:4: start_seconds is missing; every server has one%n"
                                .formatted(folder.resolve("trace.csv"))
                        + "  %1$s:6: start_seconds is 'y'; write seconds from 0 to 1000000000"
                                .formatted(folder.resolve("trace.csv")));
        assertThatThrownBy(() -> TraceReader.read(file("start_seconds,duration_seconds\n" + "x,1\n".repeat(25))))
                .hasMessageContaining("trace.csv:2: ")
                .hasMessageContaining("trace.csv:11: ")
                .hasMessageEndingWith("\n  and 15 more");
    }

    @Test
    void refusesALongNumberBeforeItTakesTime() {
        assertThatThrownBy(
                        () -> TraceReader.read(file("start_seconds,duration_seconds\n" + "1".repeat(5_000_000) + ",")))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("trace.csv:2: start_seconds is '%s…'; write seconds from 0 to 1000000000"
                        .formatted("1".repeat(100)));
    }

    @Test
    void namesAFileThatIsNoText() throws IOException {
        Path file = Files.write(folder.resolve("trace.csv"), new byte[] {'s', (byte) 0xff});
        assertThatThrownBy(() -> TraceReader.read(file))
                .hasMessageEndingWith("trace.csv is no text in UTF-8; save it so");
        assertThatThrownBy(() -> TraceReader.readTimes(file))
                .hasMessageEndingWith("trace.csv is no text in UTF-8; save it so");
    }

    @Test
    void namesAFileThatIsNotThere() {
        assertThatThrownBy(() -> TraceReader.read(folder.resolve("none.csv")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none.csv does not exist");
        assertThatThrownBy(() -> TraceReader.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessage("%s is a folder; give the path of a trace", folder);
    }

    @Test
    void readsMeasuredTimes() throws IOException {
        assertThat(TraceReader.readTimes(file("61\n\n250.5\n")))
                .isEqualTo(List.of(Duration.ofSeconds(61), Duration.ofMillis(250_500)));
        assertThatThrownBy(() -> TraceReader.readTimes(file("61\nsoon\n")))
                .hasMessageContaining("trace.csv:2: the time is 'soon'");
    }
}
