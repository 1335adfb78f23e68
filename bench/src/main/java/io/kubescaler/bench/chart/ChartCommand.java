package io.kubescaler.bench.chart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code chart}: draws results as an SVG picture. */
@Command(
        name = "chart",
        mixinStandardHelpOptions = true,
        description =
                "Draws the results of load (--json) and of jmh (-rf json) as an SVG picture, and prints them as a table.")
public final class ChartCommand implements Callable<Integer> {
    private static final int COLUMNS = 4;
    private static final int HEAD = 40;
    private static final String STYLE = """
            <style>
            text { font: 11px sans-serif; fill: #24292f; text-anchor: middle }
            .title { font-weight: bold; text-anchor: start }
            .legend { text-anchor: start }
            .boundText { text-anchor: start; fill: #b42318 }
            .bound { stroke: #b42318; stroke-dasharray: 4 3 }
            .axis { stroke: #8c959f }
            .jdk17 { fill: #4e79a7 }
            .jdk25 { fill: #59a14f }
            </style>
            """;

    @Option(names = "--out", required = true, description = "the picture")
    private Path out = Path.of("");

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "results, as JSON")
    private List<Path> files = List.of();

    @Override
    public Integer call() throws IOException {
        List<Panel> panels = new Results(files).panels();
        Files.writeString(out, svg(panels));
        panels.forEach(panel -> System.out.println(panel.row()));
        return 0;
    }

    private static String svg(List<Panel> panels) {
        int width = COLUMNS * Panel.WIDTH;
        int height = HEAD + (panels.size() + COLUMNS - 1) / COLUMNS * Panel.HEIGHT;
        StringBuilder svg = new StringBuilder();
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\">%n".formatted(width, height));
        svg.append(STYLE);
        svg.append("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>%n".formatted(width, height));
        svg.append("""
                <rect class="jdk17" x="14" y="12" width="12" height="12"/><text class="legend" x="32" y="22">JDK 17</text>
                <rect class="jdk25" x="94" y="12" width="12" height="12"/><text class="legend" x="112" y="22">JDK 25</text>
                <text class="legend" x="180" y="22">by number of nodes, 30 pods on each</text>
                """);
        for (int i = 0; i < panels.size(); i++) {
            svg.append(panels.get(i).svg(i % COLUMNS * Panel.WIDTH, HEAD + i / COLUMNS * Panel.HEIGHT));
        }
        return svg.append("</svg>\n").toString();
    }
}
