package io.kubescaler.app.plugins;

/**
 * A plug-in failed where its interface knows no failure. The message names the plug-in, is fit for people and holds no
 * secrets that the configuration knows of.
 */
public final class PluginException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PluginException(String message, Throwable cause) {
        super(message, cause);
    }
}
