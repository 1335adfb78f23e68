package io.kubescaler.app.output;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Lines of columns for people, each column as wide as its widest cell. For one thread. */
public final class Table {
    private final List<List<String>> rows = new ArrayList<>();
    private final String indent;

    /**
     * @param indent what stands before each line
     * @param header the names of the columns
     */
    public Table(String indent, String... header) {
        this.indent = indent;
        row(header);
    }

    /** Adds a line with as many cells as the header has. */
    public Table row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    /** Writes it. */
    public void write(PrintWriter out) {
        int[] widths = IntStream.range(0, rows.get(0).size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        for (List<String> row : rows) {
            String line = IntStream.range(0, row.size())
                    .mapToObj(column -> row.get(column)
                            + " ".repeat(widths[column] - row.get(column).length()))
                    .collect(Collectors.joining("  "));
            out.println((indent + line).stripTrailing());
        }
    }
}
