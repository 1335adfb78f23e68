package io.kubescaler.app.simulate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import io.kubescaler.app.simulate.Trace.Server;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads traces: CSV with a header and the columns {@code start_seconds} and {@code duration_seconds}, among others. */
final class TraceReader {
    private static final String START = "start_seconds";
    private static final String DURATION = "duration_seconds";
    // 30 years; what is beyond is a date, or milliseconds
    private static final BigDecimal MOST_SECONDS = BigDecimal.valueOf(1_000_000_000);
    // the time that a number takes to read grows with the square of its length
    private static final int LONGEST = 100;

    private static final int MOST_PROBLEMS = 10;

    private final Path file;
    private final List<String> problems = new ArrayList<>();
    private int wrong;

    private TraceReader(Path file) {
        this.file = file;
    }

    /**
     * Reads a file.
     *
     * @throws IOException when it cannot be read or a value of it cannot be used; the message names the file and, for
     *     each of the first 10 values that are wrong, the line, the value and the remedy
     */
    static Trace read(Path file) throws IOException {
        return new TraceReader(file).read();
    }

    private Trace read() throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException("%s is a folder; give the path of a trace".formatted(file));
        }
        ObjectReader rows = new CsvMapper()
                .readerForListOf(String.class)
                .withFeatures(
                        CsvParser.Feature.WRAP_AS_ARRAY,
                        CsvParser.Feature.SKIP_EMPTY_LINES,
                        CsvParser.Feature.TRIM_SPACES);
        try (MappingIterator<List<String>> lines =
                rows.readValues(Files.newBufferedReader(file, StandardCharsets.UTF_8))) {
            if (!lines.hasNextValue()) {
                throw new IOException("%s is empty; its first line must be %s,%s".formatted(file, START, DURATION));
            }
            List<String> header = lines.nextValue();
            int start = column(header, START);
            int duration = column(header, DURATION);
            throwIfAny();
            List<Server> servers = new ArrayList<>();
            while (lines.hasNextValue()) {
                List<String> cells = lines.nextValue();
                // the parser itself is past the end of the line by now
                int line = lines.getParser().currentTokenLocation().getLineNr();
                server(cells, start, duration, line).ifPresent(servers::add);
            }
            throwIfAny();
            if (servers.isEmpty()) {
                throw new IOException("%s has a header and no server; add lines such as 0,3600".formatted(file));
            }
            return new Trace(servers);
        } catch (NoSuchFileException missing) {
            throw new IOException("%s does not exist; give the path of a trace".formatted(file), missing);
        } catch (CharacterCodingException noText) {
            throw noText(noText);
        } catch (JsonProcessingException malformed) {
            throw new IOException(
                    "%s:%d: is no CSV there; look for a quote that is not closed"
                            .formatted(file, malformed.getLocation().getLineNr()),
                    malformed);
        }
    }

    private IOException noText(CharacterCodingException cause) {
        return new IOException("%s is no text in UTF-8; save it so".formatted(file), cause);
    }

    private int column(List<String> header, String name) {
        int column = header.indexOf(name);
        if (column < 0) {
            wrong(1, "the header '%s' has no column %s".formatted(String.join(",", header), name));
        }
        return column;
    }

    private Optional<Server> server(List<String> cells, int start, int duration, int line) {
        if (isBlank(cells, start)) {
            wrong(line, START + " is missing; every server has one");
        }
        Optional<Duration> from = seconds(cells, start, START, line);
        Optional<Duration> lasts = seconds(cells, duration, DURATION, line);
        return from.map(at -> new Server(at, lasts));
    }

    private static boolean isBlank(List<String> cells, int column) {
        return column >= cells.size() || cells.get(column).isBlank();
    }

    // empty for a blank cell, and for one that is wrong
    private Optional<Duration> seconds(List<String> cells, int column, String name, int line) {
        if (isBlank(cells, column)) {
            return Optional.empty();
        }
        String text = cells.get(column);
        try {
            BigDecimal seconds = new BigDecimal(text.length() > LONGEST ? "" : text);
            if (seconds.signum() >= 0 && seconds.compareTo(MOST_SECONDS) <= 0) {
                return Optional.of(Duration.ofNanos(seconds.movePointRight(9).longValue()));
            }
        } catch (NumberFormatException noNumber) {
            wrong(line, refusal(name, text));
            return Optional.empty();
        }
        wrong(line, refusal(name, text));
        return Optional.empty();
    }

    private static String refusal(String name, String text) {
        String shown = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
        return "%s is '%s'; write seconds from 0 to %s".formatted(name, shown, MOST_SECONDS);
    }

    private void wrong(int line, String message) {
        wrong++;
        if (problems.size() < MOST_PROBLEMS) {
            problems.add("%s:%d: %s".formatted(file, line, message));
        }
    }

    private void throwIfAny() throws IOException {
        if (wrong > 0) {
            String more = wrong > problems.size() ? "\n  and %d more".formatted(wrong - problems.size()) : "";
            throw new IOException(String.join("\n  ", problems) + more);
        }
    }

    /**
     * Reads measured times: seconds, one in a line.
     *
     * @throws IOException as {@link #read(Path)}
     */
    static List<Duration> readTimes(Path file) throws IOException {
        TraceReader reader = new TraceReader(file);
        List<Duration> times = new ArrayList<>();
        List<String> lines = reader.lines();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty()) {
                reader.seconds(Arrays.asList(line), 0, "the time", i + 1).ifPresent(times::add);
            }
        }
        reader.throwIfAny();
        if (times.isEmpty()) {
            throw new IOException("%s has no times; write seconds, one in a line".formatted(file));
        }
        return times;
    }

    private List<String> lines() throws IOException {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (CharacterCodingException noText) {
            throw noText(noText);
        }
    }
}
