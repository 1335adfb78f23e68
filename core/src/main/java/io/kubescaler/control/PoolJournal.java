package io.kubescaler.control;

import io.kubescaler.model.PoolNotes;
import java.util.function.UnaryOperator;

/**
 * Keeps the notes of one pool where a successor reads them before it acts. Safe for use by several threads.
 *
 * <p>With a lease the notes are on it, so that nobody can write them who no longer leads.
 */
public interface PoolJournal {
    /**
     * Returns what was noted last, by this process or by the one before it. Reads memory, asks nobody. For a process that
     * may act: before, there may be nothing to read yet.
     *
     * @return the notes; {@link PoolNotes#UNKNOWN} where there are none
     */
    PoolNotes read();

    /**
     * Changes the notes. When this returns, a successor will read them so.
     *
     * @param change makes the new notes of those that stand at the moment of the write, which may be newer than what was
     *     read; called once or several times
     * @throws ClusterException when it could not be noted, or nobody can tell; nothing may then be done that depends on it
     */
    void write(UnaryOperator<PoolNotes> change) throws ClusterException;

    /** Returns a journal in memory, for what ends with the process: simulations, and plans that are not carried out. */
    static PoolJournal inMemory() {
        return inMemory(PoolNotes.NONE);
    }

    /** Returns a journal in memory that begins with these notes. */
    static PoolJournal inMemory(PoolNotes first) {
        return new PoolJournal() {
            private volatile PoolNotes notes = first;

            @Override
            public PoolNotes read() {
                return notes;
            }

            @Override
            public synchronized void write(UnaryOperator<PoolNotes> change) {
                notes = change.apply(notes);
            }
        };
    }
}
