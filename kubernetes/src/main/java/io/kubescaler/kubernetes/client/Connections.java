package io.kubescaler.kubernetes.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import javax.net.SocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes sockets and closes all of them when told to. Thread-safe. */
final class Connections extends SocketFactory {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    private final Set<Socket> open = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /** Closes every connection; whatever is under way on one fails. */
    void close() {
        List<Socket> all;
        synchronized (open) {
            all = new ArrayList<>(open);
            open.clear();
        }
        for (Socket socket : all) {
            try {
                socket.close();
            } catch (IOException failure) {
                LOG.debug("a connection was not closed cleanly; it is gone all the same", failure);
            }
        }
    }

    @Override
    public Socket createSocket() {
        return kept(new Socket());
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return kept(new Socket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return kept(new Socket(host, port, localHost, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return kept(new Socket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
        return kept(new Socket(host, port, localHost, localPort));
    }

    private Socket kept(Socket socket) {
        open.add(socket);
        return socket;
    }
}
