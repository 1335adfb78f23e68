package io.kubescaler.testing.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A wire to a server on loopback that can be cut, or swallow what the server says. It passes bytes on and understands
 * none of them. Thread-safe.
 */
public final class TcpProxy implements AutoCloseable {
    private final URI target;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> new Thread(task, "tcp-proxy"));
    private volatile boolean refusing;
    private volatile boolean swallowing;

    /** Starts a wire to the host and port of this address. */
    public TcpProxy(String target) {
        this.target = URI.create(target);
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    /** Returns the address of this end of the wire. */
    public String url() {
        return "%s://127.0.0.1:%d".formatted(target.getScheme(), listener.getLocalPort());
    }

    /** Cuts all connections there are. */
    public void cut() {
        sockets.forEach(TcpProxy::closeQuietly);
    }

    /** From now on, new connections are cut at once, or are not any more. */
    public void refuse(boolean on) {
        refusing = on;
    }

    /** From now on, nothing of what the server says arrives on connections there are, which stay open. */
    public void swallow(boolean on) {
        swallowing = on;
    }

    @Override
    public void close() {
        closeQuietly(listener);
        cut();
        threads.shutdownNow();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket near = listener.accept();
                if (refusing) {
                    near.close();
                    continue;
                }
                Socket far = new Socket(target.getHost(), target.getPort());
                sockets.add(near);
                sockets.add(far);
                threads.execute(() -> pass(near, far, false));
                threads.execute(() -> pass(far, near, true));
            } catch (IOException e) {
                // closed, or one connection less: whoever wanted it tries again
                if (listener.isClosed()) {
                    return;
                }
            }
        }
    }

    private void pass(Socket from, Socket to, boolean fromServer) {
        byte[] buffer = new byte[16_384];
        boolean dead = false;
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                // what has lost a part of its bytes must not get others
                dead |= fromServer && swallowing;
                if (!dead) {
                    out.write(buffer, 0, count);
                    out.flush();
                }
            }
        } catch (IOException cut) {
            // an end of it is gone, and with it the connection: both are closed by now
            dead = true;
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private static void closeQuietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
