package io.kubescaler.app.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubescaler.control.ClusterException;
import io.kubescaler.model.PoolNotes;
import io.kubescaler.model.PoolNotes.GrowthOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileJournalTest {
    private static final PoolNotes NOTES = PoolNotes.NONE
            .withOrder(new GrowthOrder(9, Instant.parse("2026-01-01T00:00:00Z")))
            .withServersSeen("app in (a,b)");

    @TempDir
    private Path folder;

    private FileJournal open() {
        return FileJournal.open(folder.resolve("state"), "cloud_my cluster_games", "games");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("state"))) {
            return files.toList();
        }
    }

    @Test
    void knowsNothingAtTheFirstStartAndUntilItIsTold() {
        assertThat(open().read()).isEqualTo(PoolNotes.UNKNOWN);
        assertThat(open().read()).isEqualTo(PoolNotes.UNKNOWN);
    }

    @Test
    void theNextStartReadsWhatWasNoted() throws Exception {
        open().write(before -> NOTES);
        assertThat(open().read()).isEqualTo(NOTES);
        open().write(PoolNotes::withoutOrder);
        assertThat(open().read().order()).isEmpty();
        assertThat(files()).hasSize(1);
    }

    @Test
    void poolsOfOtherClustersHaveFilesOfTheirOwn() throws Exception {
        open().write(before -> NOTES);
        FileJournal other = FileJournal.open(folder.resolve("state"), "cloud_my-cluster_games", "games");
        assertThat(other.read()).isEqualTo(PoolNotes.UNKNOWN);
        assertThat(files()).hasSize(2);
    }

    @Test
    void aFileThatNobodyUnderstandsIsBegunAnew() throws Exception {
        open().write(before -> NOTES);
        Files.writeString(files().get(0), "{\"games\":");
        FileJournal journal = open();
        assertThat(journal.read()).isEqualTo(PoolNotes.UNKNOWN);
        journal.write(before -> NOTES);
        assertThat(open().read()).isEqualTo(NOTES);
    }

    @Test
    void whereNoFileCanBeTheNextStartKnowsNothing() throws Exception {
        Files.writeString(folder.resolve("state"), "a file where the folder should be");
        FileJournal journal = open();
        journal.write(before -> NOTES);
        assertThat(journal.read()).isEqualTo(NOTES);
        assertThat(open().read()).isEqualTo(PoolNotes.UNKNOWN);
    }

    @Test
    void saysWhichFileCouldNotBeWrittenAndKeepsWhatWasNotedBefore() throws Exception {
        FileJournal journal = open();
        journal.write(before -> NOTES);
        Path file = files().get(0);
        Files.createDirectory(file.resolveSibling(file.getFileName() + ".new"));
        assertThatThrownBy(() -> journal.write(PoolNotes::withoutOrder))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("state-folder");
        assertThat(journal.read()).isEqualTo(NOTES);
    }
}
