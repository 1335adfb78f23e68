package io.kubescaler.kubernetes.lease;

import io.kubescaler.control.ClusterException;
import io.kubescaler.control.PoolJournal;
import io.kubescaler.model.PoolNotes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The notes of one pool, kept in an annotation of the Lease: whoever takes the lease over has read them, and whoever lost
 * it cannot write them. Thread-safe.
 */
final class LeaseJournal implements PoolJournal {
    /** The annotation with the notes of all pools; see {@link NotesJson}. */
    static final String ANNOTATION = "kubescaler.io/notes";

    private static final Logger LOG = LoggerFactory.getLogger(LeaseJournal.class);

    private final LeaseElector elector;
    private final String pool;
    private volatile Understood last = new Understood(Optional.empty(), Map.of());

    /** An annotation and what it says: it is asked for in every pass, and hardly ever changes. */
    private record Understood(Optional<String> annotation, Map<String, PoolNotes> notes) {}

    /**
     * @param elector holds the lease
     * @param pool the pool's name
     */
    LeaseJournal(LeaseElector elector, String pool) {
        this.elector = elector;
        this.pool = pool;
    }

    /** Returns the annotations of a lease that there never was before: nobody has ordered anything for these pools. */
    static Map<String, String> first(List<String> pools) {
        return Map.of(
                ANNOTATION,
                NotesJson.write(pools.stream().collect(Collectors.toMap(Function.identity(), pool -> PoolNotes.NONE))));
    }

    @Override
    public PoolNotes read() {
        Optional<String> annotation = elector.annotation(ANNOTATION);
        Understood known = last;
        if (!known.annotation().equals(annotation)) {
            known = new Understood(annotation, all(annotation));
            last = known;
        }
        return known.notes().getOrDefault(pool, PoolNotes.UNKNOWN);
    }

    @Override
    public void write(UnaryOperator<PoolNotes> change) throws ClusterException {
        elector.annotate(ANNOTATION, before -> {
            Map<String, PoolNotes> all = new TreeMap<>(all(before));
            all.put(pool, change.apply(all.getOrDefault(pool, PoolNotes.UNKNOWN)));
            return NotesJson.write(all);
        });
    }

    private static Map<String, PoolNotes> all(Optional<String> annotation) {
        try {
            return annotation.map(NotesJson::read).orElse(Map.of());
        } catch (IllegalArgumentException malformed) {
            LOG.warn("the annotation {} of the lease is not understood: {}", ANNOTATION, malformed.getMessage());
            return Map.of();
        }
    }
}
