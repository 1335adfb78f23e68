package io.kubescaler.kubernetes.client;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What one class logs while this is open. Thread-safe. */
public final class CapturedLog implements AutoCloseable {
    private final Logger logger;
    private final Lines lines = new Lines();

    private static final class Lines extends AppenderBase<ILoggingEvent> {
        private final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage());
        }
    }

    private CapturedLog(Class<?> of) {
        logger = (Logger) LoggerFactory.getLogger(of);
        lines.start();
        logger.addAppender(lines);
    }

    /** Begins to listen. */
    public static CapturedLog of(Class<?> of) {
        return new CapturedLog(of);
    }

    /** Returns what was logged, oldest first. */
    public List<String> lines() {
        return List.copyOf(lines.lines);
    }

    @Override
    public void close() {
        logger.detachAppender(lines);
        lines.stop();
    }
}
