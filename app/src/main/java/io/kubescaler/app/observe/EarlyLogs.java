package io.kubescaler.app.observe;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.kubescaler.app.config.Settings.LogSettings;
import java.util.List;
import java.util.function.Predicate;

/**
 * The logs until the settings are read: warnings, plain, to stderr. Without it Logback would write everything to stdout,
 * where only results belong. Found by Logback, which asks it before it looks for files; where there is a file for Logback
 * it steps aside.
 */
public final class EarlyLogs extends ContextAwareBase implements Configurator {
    private static final String FILE_PROPERTY = "logback.configurationFile";
    private static final List<String> FILES = List.of("logback-test.xml", "logback.xml");

    private final Predicate<String> isResource;

    /** For Logback. */
    public EarlyLogs() {
        this(name -> EarlyLogs.class.getClassLoader().getResource(name) != null);
    }

    EarlyLogs(Predicate<String> isResource) {
        this.isResource = isResource;
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty(FILE_PROPERTY) != null || FILES.stream().anyMatch(isResource)) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        LogSettings settings = new LogSettings(LogSettings.Format.PLAIN, "warn");
        Logs.configure(context, settings, SecretMask.NONE, Logs.standardError());
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
