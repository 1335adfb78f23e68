package io.kubescaler.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class ReloadedTest {
    @TempDir
    Path folder;

    private final Logger logger = (Logger) LoggerFactory.getLogger(Reloaded.class);
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();
    // near the end of its range, since nanoTime may overflow
    private long now = Long.MAX_VALUE - 1;
    private Path file;

    @BeforeEach
    void listen() throws IOException {
        events.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(events);
        file = Files.writeString(folder.resolve("token"), "token-1\n");
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(events);
        logger.setLevel(null);
    }

    private Reloaded<String> token() throws IOException {
        return TextFile.token("cloud-provider-token", file, () -> now);
    }

    private void passAMinute() {
        now += Reloaded.INTERVAL.toNanos();
    }

    private List<String> logged() {
        return events.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void readsAChangedFileAnewAfterAMinute() throws IOException {
        Reloaded<String> token = token();
        Files.writeString(file, "token-2");
        assertThat(token.get()).isEqualTo("token-1");
        now += Reloaded.INTERVAL.toNanos() - 1;
        assertThat(token.get()).isEqualTo("token-1");
        now++;

        assertThat(token.get()).isEqualTo("token-2");
        assertThat(logged())
                .singleElement()
                .asString()
                .isEqualTo("cloud-provider-token of %s has changed and was read anew".formatted(file));
    }

    @Test
    void followsTheLinkOfAMountedSecretWhateverTheTimesOfItsFiles() throws IOException {
        Path first = Files.createDirectory(folder.resolve("..2026_01"));
        Path second = Files.createDirectory(folder.resolve("..2026_02"));
        Files.writeString(first.resolve("key"), "token-1");
        Files.writeString(second.resolve("key"), "token-2");
        Files.setLastModifiedTime(second.resolve("key"), Files.getLastModifiedTime(first.resolve("key")));
        Path data = Files.createSymbolicLink(folder.resolve("..data"), first);
        file = folder.resolve("..data").resolve("key");
        Reloaded<String> token = token();
        Files.delete(data);
        Files.createSymbolicLink(data, second);
        passAMinute();

        assertThat(token.get()).isEqualTo("token-2");
    }

    @Test
    void keepsTheLastGoodOneAndSaysSoOnceWhateverIsWrongWithTheFile() throws IOException {
        Reloaded<String> token = token();
        Files.writeString(file, "");
        passAMinute();
        assertThat(token.get()).isEqualTo("token-1");
        Files.writeString(file, "two words\nof a secret");
        passAMinute();
        assertThat(token.get()).isEqualTo("token-1");
        Files.delete(file);
        passAMinute();
        assertThat(token.get()).isEqualTo("token-1");
        assertThat(logged()).singleElement().asString().contains("cannot be read anew", "is empty", "stays in use");

        Files.writeString(file, "token-3");
        passAMinute();
        assertThat(token.get()).isEqualTo("token-3");
        assertThat(logged()).hasSize(2).noneMatch(line -> line.contains("two words") || line.contains("token-3"));
    }

    @Test
    void saysWhenTheFileIsAgainAsItWas() throws IOException {
        Reloaded<String> token = token();
        Files.delete(file);
        passAMinute();
        token.get();
        Files.writeString(file, "token-1\n");
        passAMinute();

        assertThat(token.get()).isEqualTo("token-1");
        assertThat(logged()).hasSize(2).last().asString().endsWith("is again as it was");
    }

    @Test
    void noticesAtTheNextLookWhatIsWrittenDuringALoad() throws IOException {
        boolean[] rotating = {true};
        int[] written = {1};
        Reloaded<String> token = new Reloaded<>(
                "a token",
                any -> List.of(file),
                () -> {
                    String text = Files.readString(file);
                    if (rotating[0]) {
                        Files.writeString(file, "token-" + ++written[0]);
                    }
                    return text;
                },
                () -> now);
        rotating[0] = false;
        passAMinute();
        assertThat(token.get()).as("written during the first load").isEqualTo(Files.readString(file));

        Files.writeString(file, "another");
        rotating[0] = true;
        passAMinute();
        assertThat(token.get()).isEqualTo("another");
        rotating[0] = false;
        passAMinute();
        assertThat(token.get())
                .as("written during a reload")
                .isEqualTo(Files.readString(file))
                .isEqualTo("token-" + written[0]);
        int lines = logged().size();
        passAMinute();
        token.get();
        assertThat(logged()).as("nothing has changed since").hasSize(lines);
    }

    @Test
    void noticesWhatIsWrittenDuringALoadToAFileThatWasNotKnownBefore() throws IOException {
        Path second = Files.writeString(folder.resolve("second"), "of-second-1");
        boolean[] rotating = {false};
        // the file holds a token, or the name of the file that does
        Reloaded<List<String>> token = new Reloaded<>(
                "a token",
                read -> read.size() == 1 ? List.of(file) : List.of(file, second),
                () -> {
                    if (!Files.readString(file).equals("second")) {
                        return List.of(Files.readString(file));
                    }
                    List<String> read = List.of("second", Files.readString(second));
                    if (rotating[0]) {
                        Files.writeString(second, "of-second-2");
                    }
                    return read;
                },
                () -> now);
        Files.writeString(file, "second");
        rotating[0] = true;
        passAMinute();
        token.get();
        passAMinute();

        assertThat(token.get()).containsExactly("second", "of-second-2");
    }

    @Test
    void failsAtOnceWhenThereIsNothingGoodToBeginWith() throws IOException {
        Files.writeString(file, " ");

        assertThatThrownBy(this::token).isInstanceOf(IOException.class).hasMessage("the file is empty");
    }
}
