package io.kubescaler.app.observe;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.kubescaler.control.PassListener;
import io.kubescaler.control.PassRecord;
import java.util.function.Function;

/** Counts what the production log and history of a pool make of its passes. For one thread. */
public final class ObservedPasses implements PassListener {
    private final Lines lines = new Lines();
    private final PassListener log;
    private final PassHistory history = new PassHistory();
    private long records;

    /** With the production log. */
    public ObservedPasses() {
        this(PassLog::new);
    }

    private ObservedPasses(Function<Logger, PassListener> logOf) {
        LoggerContext context = new LoggerContext();
        Logger logger = context.getLogger("passes");
        lines.setContext(context);
        lines.start();
        logger.addAppender(lines);
        log = logOf.apply(logger);
    }

    /** With a log that has a line for each pass. */
    public static ObservedPasses withALineForEach() {
        return new ObservedPasses(
                logger -> pass -> logger.info("{}", pass.plan().message()));
    }

    @Override
    public void passed(PassRecord pass) {
        log.passed(pass);
        history.passed(pass);
        String pool = pass.plan().pool();
        records += history.acted(pool).stream()
                .limit(1)
                .filter(latest -> latest.plan().now().equals(pass.plan().now()))
                .count();
    }

    /** Returns how many lines were logged. */
    public long lines() {
        return lines.count;
    }

    /** Returns how many passes were kept for the API. */
    public long records() {
        return records;
    }

    private static final class Lines extends AppenderBase<ILoggingEvent> {
        private long count;

        @Override
        protected void append(ILoggingEvent event) {
            count++;
        }
    }
}
