package io.kubescaler.app.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.DoubleConsumer;

/** Runs every policy of a grid over a trace, as many at once as there are processors; the outcome does not hang on it. */
final class Replay {
    private final Trace trace;
    private final Grid grid;
    private final DoubleConsumer progress;
    private double done;

    /** @param progress told now and then what share of everything is done, 0 to 1; by one thread at a time */
    Replay(Trace trace, Grid grid, DoubleConsumer progress) {
        this.trace = trace;
        this.grid = grid;
        this.progress = progress;
    }

    /**
     * Runs them.
     *
     * @return what became of each, in the order of the grid
     * @throws InterruptedException when the thread is interrupted; what runs still is given up
     */
    List<Outcome> run() throws InterruptedException {
        List<Grid.Cell> cells = grid.cells();
        ExecutorService workers = Executors.newFixedThreadPool(
                Math.min(cells.size(), Runtime.getRuntime().availableProcessors()));
        try {
            List<Future<Outcome>> running = cells.stream()
                    .map(cell -> workers.submit(() -> PolicyRun.of(trace, grid, cell, new Share(cells.size()))))
                    .toList();
            List<Outcome> outcomes = new ArrayList<>();
            for (Future<Outcome> outcome : running) {
                outcomes.add(outcome.get());
            }
            return outcomes;
        } catch (ExecutionException defect) {
            throw new IllegalStateException("the simulation failed", defect.getCause());
        } finally {
            workers.shutdownNow();
        }
    }

    private synchronized void advance(double by) {
        done += by;
        progress.accept(done);
    }

    /** The progress of one policy, as part of the whole. */
    private final class Share implements DoubleConsumer {
        private final int cells;
        private double before;

        Share(int cells) {
            this.cells = cells;
        }

        @Override
        public void accept(double share) {
            advance((share - before) / cells);
            before = share;
        }
    }
}
