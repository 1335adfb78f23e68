package io.kubescaler.bench.chart;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * One figure in all sizes, as bars. Immutable and thread-safe.
 *
 * @param title what it is, with its unit
 * @param bound what it is to stay below; empty for no bound
 * @param bars the bars, in this order
 */
record Panel(String title, OptionalDouble bound, List<Bar> bars) {
    static final int WIDTH = 230;
    static final int HEIGHT = 175;

    private static final int LEFT = 14;
    private static final int TOP = 46;
    private static final int BOTTOM = 145;
    private static final int STEP = 50;
    private static final int BAR = 38;

    Panel {
        bars = List.copyOf(bars);
    }

    /**
     * One value.
     *
     * @param label what stands below it
     * @param series which colour it has: {@code jdk17} or {@code jdk25}
     * @param value the value, 0 or more
     */
    record Bar(String label, String series, double value) {}

    /** Writes it as SVG, with its upper left corner there. */
    String svg(int x, int y) {
        StringBuilder svg = new StringBuilder();
        line(svg, "<g transform=\"translate(%d %d)\">", x, y);
        line(svg, "<text class=\"title\" x=\"%d\" y=\"18\">%s</text>", LEFT, title);
        line(svg, "<path class=\"axis\" d=\"M%d %dH%d\"/>", LEFT, BOTTOM, WIDTH - LEFT);
        double top = Math.max(
                bars.stream().mapToDouble(Bar::value).max().orElse(1), bound.isPresent() ? bound.getAsDouble() : 0);
        for (int i = 0; i < bars.size(); i++) {
            bar(svg, bars.get(i), LEFT + 4 + i * STEP, top);
        }
        if (bound.isPresent()) {
            int height = (int) Math.round(BOTTOM - bound.getAsDouble() / top * (BOTTOM - TOP));
            line(svg, "<path class=\"bound\" d=\"M%d %dH%d\"/>", LEFT, height, WIDTH - LEFT);
            line(svg, "<text class=\"boundText\" x=\"%d\" y=\"34\">bound %s</text>", LEFT, number(bound.getAsDouble()));
        }
        line(svg, "</g>");
        return svg.toString();
    }

    /** Writes it as a row of a table in Markdown. */
    String row() {
        String values = bars.stream()
                .map(bar -> "%s (%s, %s)".formatted(number(bar.value()), bar.label(), bar.series()))
                .collect(Collectors.joining(" | "));
        return "| %s | %s | %s |".formatted(title, values, bound.isPresent() ? number(bound.getAsDouble()) : "");
    }

    private static void bar(StringBuilder svg, Bar bar, int x, double top) {
        double height = Math.max(1, bar.value() / top * (BOTTOM - TOP));
        int middle = x + BAR / 2;
        line(
                svg,
                "<rect class=\"%s\" x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\"/>",
                bar.series(),
                x,
                BOTTOM - height,
                BAR,
                height);
        line(svg, "<text x=\"%d\" y=\"%.1f\">%s</text>", middle, BOTTOM - height - 4, number(bar.value()));
        line(svg, "<text x=\"%d\" y=\"%d\">%s</text>", middle, BOTTOM + 15, bar.label());
    }

    private static String number(double value) {
        boolean whole = value >= 10 || value == Math.rint(value);
        return String.format(Locale.ROOT, whole ? "%,.0f" : value < 0.1 ? "%.3f" : "%.2f", value);
    }

    @FormatMethod
    private static void line(StringBuilder svg, @FormatString String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
