package io.kubescaler.kubernetes.client;

import io.fabric8.kubernetes.client.http.AsyncBody;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The body of a response as a stream that its reader can wait on for a bounded time only. The HTTP client's threads
 * merely hand over bytes: whatever is thrown while they are made sense of is thrown on the reader's own thread. A body is
 * closed only while none of them reads from its connection; one that does is stopped by giving up the call, and closes the
 * body itself. Read by one thread.
 */
final class BodyStream extends InputStream {
    private final Duration silence;
    private final OnBytes onBytes;
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private final Queue<ByteBuffer> chunks = new ArrayDeque<>();
    private final Calls.Given call;
    private boolean ended;
    // guarded by this: threads of the HTTP client come to these as well
    private Optional<AsyncBody> body = Optional.empty();
    private boolean isBeingRead;
    private boolean closed;

    /** Is told that bytes have come. */
    @FunctionalInterface
    public interface OnBytes {
        /**
         * Takes note of it.
         *
         * @throws IOException when they are not wanted any more: it is thrown to the reader
         */
        void came() throws IOException;
    }

    /** What came from the HTTP client. */
    private sealed interface Arrival {
        record Bytes(List<ByteBuffer> buffers) implements Arrival {}

        record End(Optional<Throwable> failure) implements Arrival {}
    }

    /**
     * @param silence how long to wait for the next bytes
     * @param onBytes called by the reading thread when bytes have come
     * @param call the call that the body answers
     */
    BodyStream(Duration silence, OnBytes onBytes, Calls.Given call) {
        this.silence = silence;
        this.onBytes = onBytes;
        this.call = call;
    }

    /** Takes bytes on a thread of the HTTP client, which does not read on before more are asked for. */
    synchronized void take(List<ByteBuffer> buffers) {
        isBeingRead = false;
        if (closed) {
            closeBody();
        } else {
            arrivals.add(new Arrival.Bytes(List.copyOf(buffers)));
        }
    }

    /** Starts reading. */
    void attach(AsyncBody asyncBody) {
        synchronized (this) {
            body = Optional.of(asyncBody);
        }
        var unused = asyncBody
                .done()
                .whenComplete((nothing, failure) -> arrivals.add(new Arrival.End(Optional.ofNullable(failure))));
    }

    private void ask() {
        AsyncBody asked;
        synchronized (this) {
            if (isBeingRead) {
                return;
            }
            isBeingRead = true;
            asked = body.orElseThrow();
        }
        asked.consume();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (chunks.isEmpty() && !ended) {
            await();
        }
        ByteBuffer chunk = chunks.peek();
        if (chunk == null) {
            return -1;
        }
        int count = Math.min(length, chunk.remaining());
        chunk.get(bytes, offset, count);
        if (!chunk.hasRemaining()) {
            chunks.remove();
        }
        return count;
    }

    private void await() throws IOException {
        ask();
        Arrival arrival = next();
        if (arrival instanceof Arrival.Bytes bytes) {
            onBytes.came();
            bytes.buffers().stream().filter(ByteBuffer::hasRemaining).forEach(chunks::add);
        } else if (arrival instanceof Arrival.End end) {
            ended = true;
            call.close();
            if (end.failure().isPresent()) {
                throw failure(end.failure().get());
            }
        }
    }

    private Arrival next() throws IOException {
        try {
            Arrival arrival = arrivals.poll(silence.toNanos(), TimeUnit.NANOSECONDS);
            if (arrival == null) {
                throw new SilenceException("bytes", silence);
            }
            return arrival;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while reading").initCause(interrupted);
        }
    }

    private static IOException failure(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof IOException broken ? broken : new IOException("the response broke off", cause);
    }

    @Override
    public void close() {
        if (ended) {
            return;
        }
        ended = true;
        chunks.clear();
        boolean givesUp;
        synchronized (this) {
            closed = true;
            givesUp = isBeingRead;
        }
        if (givesUp) {
            call.giveUp();
        } else {
            call.close();
            closeBody();
        }
    }

    private void closeBody() {
        try {
            body.ifPresent(AsyncBody::cancel);
        } catch (RejectedExecutionException shutDown) {
            // the HTTP client is closed, and has cut the connection already
            arrivals.clear();
        }
    }
}
