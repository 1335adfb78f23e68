package io.kubescaler.plan;

import io.kubescaler.model.Instance;
import io.kubescaler.model.Node;
import java.util.AbstractList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.RandomAccess;

/**
 * The reports of a pass on all machines. They are written when the first is read: most passes find nothing to do, and
 * nobody reads them. Immutable and thread-safe.
 */
final class Reports extends AbstractList<NodeReport> implements RandomAccess {
    private final List<Machine> machines;
    private final OptionalLong slotsPerNewNode;
    private final Verdicts verdicts;
    private volatile Optional<List<NodeReport>> written = Optional.empty();

    /** @param slotsPerNewNode slots that a new node will have; empty when not known */
    Reports(List<Machine> machines, OptionalLong slotsPerNewNode, Verdicts verdicts) {
        this.machines = machines;
        this.slotsPerNewNode = slotsPerNewNode;
        this.verdicts = verdicts;
    }

    @Override
    public NodeReport get(int index) {
        // written twice by two threads, they are the same
        if (written.isEmpty()) {
            written = Optional.of(write());
        }
        return written.orElseThrow().get(index);
    }

    @Override
    public int size() {
        return machines.size();
    }

    private List<NodeReport> write() {
        // thousands of machines share few verdicts
        Map<String, String> texts = new HashMap<>();
        return machines.stream().map(machine -> report(machine, texts)).toList();
    }

    private NodeReport report(Machine machine, Map<String, String> texts) {
        return new NodeReport(
                machine.node().map(Node::name),
                machine.instance().map(Instance::id),
                machine.state(),
                machine.servers(),
                machine.slots(slotsPerNewNode),
                texts.computeIfAbsent(verdicts.of(machine), text -> text));
    }
}
