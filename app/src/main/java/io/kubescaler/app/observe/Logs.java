package io.kubescaler.app.observe;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import io.kubescaler.app.config.Settings.LogSettings;
import java.io.OutputStream;
import java.util.List;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets up the logs: to one stream, plain or as JSON, with every known secret masked. */
public final class Logs {
    // names, annotations and answers come from others: none may begin a line of its own or speak to the terminal
    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC} %-5level [%thread] %logger{0}:"
            + " %replace(%msg){'[\\x00-\\x1f\\x7f]+', ' '}%n%replace(%ex){'[\\x00-\\x08\\x0b-\\x1f\\x7f]', ' '}";

    // libraries that speak a lot and, below WARN, even of headers
    private static final List<String> TALKATIVE = List.of(
            "com.google.inject",
            "io.fabric8",
            "io.micrometer",
            "io.prometheus",
            "jdk",
            "okhttp3",
            "org.eclipse.jetty",
            "sun");

    private Logs() {}

    /**
     * Has the whole program log so, from now on, to stderr.
     *
     * @param mask what must never be seen
     * @throws IllegalStateException when slf4j is bound to something else than Logback
     */
    public static void configure(LogSettings settings, SecretMask mask) {
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();
        if (!(factory instanceof LoggerContext context)) {
            throw new IllegalStateException("logs need Logback, and slf4j is bound to " + factory.getClass());
        }
        configure(context, settings, mask, standardError());
    }

    /** Returns stderr, as a stream that closing does not close. */
    static OutputStream standardError() {
        return new StandardError();
    }

    /** Has one context log so, to that stream. */
    static void configure(LoggerContext context, LogSettings settings, SecretMask mask, OutputStream output) {
        context.reset();
        MaskingEncoder encoder = new MaskingEncoder(encoder(settings.format(), context), mask);
        encoder.setContext(context);
        encoder.start();
        OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
        appender.setContext(context);
        appender.setName("stderr");
        appender.setEncoder(encoder);
        appender.setOutputStream(output);
        appender.start();

        Level level = Level.toLevel(settings.level(), Level.INFO);
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(level);
        root.addAppender(appender);
        Level quiet = level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN;
        // it logs, with a stack trace, what it also throws to us
        context.getLogger("io.javalin").setLevel(Level.OFF);
        TALKATIVE.forEach(name -> context.getLogger(name).setLevel(quiet));
    }

    private static Encoder<ILoggingEvent> encoder(LogSettings.Format format, LoggerContext context) {
        Encoder<ILoggingEvent> encoder = switch (format) {
            case PLAIN -> plain();
            case JSON -> new JsonLines();
        };
        encoder.setContext(context);
        return encoder;
    }

    private static PatternLayoutEncoder plain() {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setPattern(PATTERN);
        return encoder;
    }

    /** stderr as it is at the moment of each write, which whoever logs does not close. */
    private static final class StandardError extends OutputStream {
        @Override
        public void write(int character) {
            System.err.write(character);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            System.err.write(bytes, offset, length);
        }

        @Override
        public void flush() {
            System.err.flush();
        }
    }
}
