package io.kubescaler.app.plugins;

import java.util.ServiceConfigurationError;

/** Puts into words what a plug-in threw, for the person who installs or writes it. */
final class PluginFaults {
    private PluginFaults() {}

    /** Throws it again when it is the trouble of the whole program rather than of the plug-in: out of memory. */
    static void rethrowFatal(Throwable thrown) {
        if (thrown instanceof VirtualMachineError fatal && !(thrown instanceof StackOverflowError)) {
            throw fatal;
        }
    }

    /** Returns why a plug-in could not be loaded and what would help, as a sentence without the plug-in's name. */
    static String whyNotLoaded(Throwable thrown) {
        if (thrown instanceof UnsupportedClassVersionError) {
            return "it is compiled for a newer Java than the %d that runs here; compile it with --release 17, or run on a newer Java: %s"
                    .formatted(Runtime.version().feature(), thrown.getMessage());
        }
        if (thrown instanceof ServiceConfigurationError && thrown.getCause() != null) {
            return "its constructor threw " + describe(thrown.getCause());
        }
        if (thrown instanceof ServiceConfigurationError) {
            return "its service file names what cannot be used: " + thrown.getMessage();
        }
        return "it threw " + describe(thrown);
    }

    /** Returns what was thrown, in words, with the remedy where one is known. */
    static String describe(Throwable thrown) {
        String message = thrown.getMessage();
        if (thrown instanceof ExceptionInInitializerError && thrown.getCause() != null) {
            return "while a class was initialized: " + describe(thrown.getCause());
        }
        if (thrown instanceof NoClassDefFoundError || thrown instanceof ClassNotFoundException) {
            return ("%s: a class is missing; put the libraries that the plug-in needs into its jar, since of the"
                            + " program it sees only the packages %s")
                    .formatted(
                            thrown,
                            String.join(
                                    " and ",
                                    PluginClassLoader.SHARED_PACKAGES.stream()
                                            .sorted()
                                            .toList()));
        }
        if (thrown instanceof LinkageError) {
            return "%s: it was built against another version of what it uses".formatted(thrown);
        }
        return message == null || message.isBlank() ? thrown.getClass().getName() : thrown.toString();
    }
}
