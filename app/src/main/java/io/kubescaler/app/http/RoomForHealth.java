package io.kubescaler.app.http;

import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Keeps threads free for the health endpoints: all others are served so many at a time, and refused with 503 beyond. A
 * reader that takes its time holds the thread that writes to it, and a few of those would have the process restarted for
 * a health check that found no thread. Thread-safe.
 */
final class RoomForHealth extends Handler.Wrapper {
    private static final Set<String> HEALTH = Set.of("/livez", "/readyz");
    private static final int UNAVAILABLE = 503;
    private static final String REFUSAL = "{\"error\":\"too many requests are under way\"}\n";

    private final Semaphore places;

    /** @param places how many requests for anything but health may be under way; at least 1 */
    RoomForHealth(int places) {
        this.places = new Semaphore(places);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (HEALTH.contains(Request.getPathInContext(request))) {
            return super.handle(request, response, callback);
        }
        if (!places.tryAcquire()) {
            response.setStatus(UNAVAILABLE);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
            Content.Sink.write(response, true, REFUSAL, callback);
            return true;
        }
        AtomicBoolean left = new AtomicBoolean();
        Runnable leave = () -> {
            if (left.compareAndSet(false, true)) {
                places.release();
            }
        };
        boolean handled = false;
        try {
            handled = super.handle(request, response, Callback.from(callback, leave));
        } finally {
            if (!handled) {
                leave.run();
            }
        }
        return handled;
    }
}
