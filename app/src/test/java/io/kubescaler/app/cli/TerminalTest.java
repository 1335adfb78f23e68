package io.kubescaler.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TerminalTest {
    @TempDir
    private Path folder;

    @Test
    void isOneWhereTheDescriptorLeadsToOne() throws IOException {
        assertThat(Terminal.isTerminal(descriptor("/dev/pts/3"))).isTrue();
        assertThat(Terminal.isTerminal(descriptor("/dev/tty1"))).isTrue();
        assertThat(Terminal.isTerminal(descriptor("pipe:[4711]"))).isFalse();
        assertThat(Terminal.isTerminal(descriptor("/tmp/err.txt"))).isFalse();
        assertThat(Terminal.isTerminal(folder.resolve("none"))).isFalse();
        assertThat(Terminal.isStandardError(Map.of())).isFalse();
    }

    private Path descriptor(String to) throws IOException {
        Path link = folder.resolve("fd");
        Files.deleteIfExists(link);
        return Files.createSymbolicLink(link, Path.of(to));
    }
}
