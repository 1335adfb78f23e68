package io.kubescaler.secrets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;

/** A file that holds one secret text and nothing else, such as a token. Stateless and thread-safe. */
public final class TextFile {
    private TextFile() {}

    /**
     * Returns the text, without white space around it, read anew when the file changes.
     *
     * @param what what a log calls it
     * @param nanoTime a clock like {@link System#nanoTime}
     * @throws IOException when the file cannot be read, or holds no token
     */
    public static Reloaded<String> token(String what, Path file, LongSupplier nanoTime) throws IOException {
        return new Reloaded<>(what + " of " + file, any -> List.of(file), () -> read(file), nanoTime);
    }

    private static String read(Path file) throws IOException {
        String text = Files.readString(file).strip();
        if (text.isEmpty()) {
            throw new IOException("the file is empty");
        }
        if (!isToken(text)) {
            throw new IOException("the file holds a blank, a line break or a character that no token has");
        }
        return text;
    }

    /** Returns whether the text may be a token: printable ASCII characters without a blank. */
    public static boolean isToken(String text) {
        return text.chars().noneMatch(c -> c <= ' ' || c > '~');
    }
}
