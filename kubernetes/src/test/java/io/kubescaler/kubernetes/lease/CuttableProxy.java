package io.kubescaler.kubernetes.lease;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A TCP proxy on loopback that can stop forwarding, as a broken network does: connections stay open, new ones are
 * accepted, and nothing arrives on any. Thread-safe.
 */
final class CuttableProxy implements AutoCloseable {
    private final ServerSocket server;
    private final InetSocketAddress target;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean cut;
    private boolean closed;

    CuttableProxy(InetSocketAddress target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start("proxy-accept", this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    void cut() {
        change(() -> cut = true);
    }

    void heal() {
        change(() -> cut = false);
    }

    @Override
    public void close() {
        change(() -> closed = true);
        closeQuietly(server);
        sockets.forEach(CuttableProxy::closeQuietly);
    }

    private void accept() {
        try {
            while (true) {
                Socket near = server.accept();
                Socket far = new Socket();
                sockets.add(near);
                sockets.add(far);
                far.connect(target, 5000);
                start("proxy-out", () -> forward(near, far));
                start("proxy-in", () -> forward(far, near));
            }
        } catch (SocketException end) {
            closeQuietly(server);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void forward(Socket from, Socket to) {
        byte[] buffer = new byte[8192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length >= 0 && awaitOpen(); length = in.read(buffer)) {
                out.write(buffer, 0, length);
                out.flush();
            }
        } catch (SocketException end) {
            // one side has closed: try-with-resources closes the other
            closeQuietly(to);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Waits while the proxy is cut; false when it is closed. */
    private boolean awaitOpen() {
        lock.lock();
        try {
            while (cut && !closed) {
                changed.awaitUninterruptibly();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
