package io.kubescaler.testing.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A node pool of the stand-in of the cloud: machines boot, run, are drained and go, each step on the cloud's own thread.
 * Thread-safe.
 */
public final class CloudPool {
    /**
     * A resize that the cloud carried out.
     *
     * @param at when
     * @param from how many nodes the pool had been asked for before
     * @param to how many it was asked for then; less than {@code from} when the cloud was to choose what it deletes
     */
    public record Resize(Instant at, int from, int to) {}

    /**
     * A deletion by name that the cloud carried out.
     *
     * @param at when
     * @param machine id of the machine
     * @param node its name
     * @param countAfter how many nodes the pool was left with
     */
    public record Removal(Instant at, String machine, String node, int countAfter) {}

    private final String id = UUID.randomUUID().toString();
    private final PoolSpec spec;
    private final CloudNodes nodes;
    private final CloudTime time;
    private final List<CloudMachine> machines = new ArrayList<>();
    private final List<Resize> resizes = new ArrayList<>();
    private final List<Removal> removals = new ArrayList<>();
    private Duration bootTime = Duration.ofSeconds(1);
    private Duration drainTime = Duration.ofMillis(200);
    private Duration deletionTime = Duration.ofMillis(200);
    private boolean autoScale;
    private int stuck;
    private int droplets = 1000;

    CloudPool(PoolSpec spec, CloudNodes nodes, CloudTime time) {
        this.spec = spec;
        this.nodes = nodes;
        this.time = time;
    }

    /** Puts the first machines in place; returns once their Node objects are there. */
    synchronized void stock() {
        for (int i = 0; i < spec.nodes(); i++) {
            CloudMachine machine = order();
            run(machine);
            nodes.join(machine.name, labels(machine), providerId(machine), spec);
            nodes.startKubelet(machine.name);
        }
    }

    /** Sets how long a machine takes from its order until its node is Ready. */
    public synchronized void bootTime(Duration duration) {
        bootTime = duration;
    }

    /** Sets how long a machine is drained, and how long its deletion takes after that. */
    public synchronized void removalTime(Duration draining, Duration deleting) {
        drainTime = draining;
        deletionTime = deleting;
    }

    /** Lets the next machines that are ordered never come up. */
    public synchronized void nextMachinesNeverCome(int count) {
        stuck = count;
    }

    /** Says whether the cloud scales the pool by itself, which it does not do here whatever it says. */
    public synchronized void autoScale(boolean on) {
        autoScale = on;
    }

    public String id() {
        return id;
    }

    public String name() {
        return spec.name();
    }

    PoolSpec spec() {
        return spec;
    }

    /** Returns how many nodes the pool has been asked for. */
    public synchronized int count() {
        return (int) machines.stream().filter(machine -> !machine.leaving()).count();
    }

    /** Returns the names of the machines that are not on their way out, oldest first. */
    public synchronized List<String> nodeNames() {
        return machines.stream()
                .filter(machine -> !machine.leaving())
                .map(machine -> machine.name)
                .toList();
    }

    /** Returns every resize so far, oldest first. */
    public synchronized List<Resize> resizes() {
        return List.copyOf(resizes);
    }

    /** Returns every deletion by name so far, oldest first. */
    public synchronized List<Removal> removals() {
        return List.copyOf(removals);
    }

    /** Returns how many machines have been bought since the beginning, without the first ones. */
    public synchronized int bought() {
        return resizes.stream()
                .mapToInt(resize -> Math.max(0, resize.to() - resize.from()))
                .sum();
    }

    /** Resizes as the API does: the newest machines go, whatever runs on them, when there are to be fewer. */
    synchronized void resize(int count) {
        int before = count();
        resizes.add(new Resize(Instant.now(), before, count));
        for (int i = before; i < count; i++) {
            boot(order());
        }
        List<CloudMachine> staying =
                machines.stream().filter(machine -> !machine.leaving()).toList();
        staying.subList(Math.min(count, staying.size()), staying.size()).forEach(machine -> leave(machine, false));
    }

    /**
     * Deletes one machine.
     *
     * @return false when there is none of that id, or it is being deleted already
     */
    synchronized boolean delete(String machineId, boolean skipDrain) {
        Optional<CloudMachine> found = machines.stream()
                .filter(machine -> machine.id.equals(machineId) && !machine.leaving())
                .findFirst();
        found.ifPresent(machine -> {
            leave(machine, skipDrain);
            removals.add(new Removal(Instant.now(), machine.id, machine.name, count()));
        });
        return found.isPresent();
    }

    synchronized ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", id).put("name", spec.name()).put("size", "s-4vcpu-8gb").put("count", count());
        json.putArray("tags").add("k8s").add("k8s:" + id).add("k8s:worker");
        ObjectNode labels = json.putObject("labels");
        spec.labels().forEach(labels::put);
        json.putArray("taints");
        json.put("auto_scale", autoScale).put("min_nodes", 0).put("max_nodes", 0);
        ArrayNode array = json.putArray("nodes");
        machines.forEach(machine -> array.add(machine.json()));
        return json;
    }

    private CloudMachine order() {
        CloudMachine machine = new CloudMachine(spec.name(), Instant.now());
        machines.add(machine);
        return machine;
    }

    private void boot(CloudMachine machine) {
        if (stuck > 0) {
            stuck--;
            return;
        }
        later(bootTime.dividedBy(2), machine, () -> machine.dropletId = Integer.toString(nextDroplet()));
        later(
                bootTime.multipliedBy(8).dividedBy(10),
                machine,
                () -> nodes.join(machine.name, labels(machine), providerId(machine), spec));
        later(bootTime, machine, () -> {
            run(machine);
            nodes.startKubelet(machine.name);
        });
    }

    private void later(Duration delay, CloudMachine machine, Runnable step) {
        time.after(delay, () -> {
            synchronized (this) {
                if (!machine.leaving()) {
                    step.run();
                    machine.updatedAt = Instant.now();
                }
            }
        });
    }

    private void run(CloudMachine machine) {
        if (machine.dropletId.isEmpty()) {
            machine.dropletId = Integer.toString(nextDroplet());
        }
        machine.state = CloudMachine.State.RUNNING;
    }

    private int nextDroplet() {
        return droplets++;
    }

    private void leave(CloudMachine machine, boolean skipDrain) {
        machine.state = skipDrain ? CloudMachine.State.DELETING : CloudMachine.State.DRAINING;
        if (skipDrain) {
            time.after(deletionTime, () -> die(machine));
        } else {
            time.after(Duration.ZERO, () -> nodes.drain(machine.name));
            time.after(drainTime.plus(deletionTime), () -> die(machine));
        }
    }

    private void die(CloudMachine machine) {
        synchronized (this) {
            machine.state = CloudMachine.State.DELETING;
        }
        nodes.vanish(machine.name);
        synchronized (this) {
            machines.remove(machine);
        }
    }

    private Map<String, String> labels(CloudMachine machine) {
        Map<String, String> labels = new HashMap<>(spec.labels());
        labels.put("doks.digitalocean.com/node-id", machine.id);
        labels.put("doks.digitalocean.com/node-pool", spec.name());
        labels.put("doks.digitalocean.com/node-pool-id", id);
        labels.put("kubernetes.io/hostname", machine.name);
        labels.put("node.kubernetes.io/instance-type", "s-4vcpu-8gb");
        labels.put("topology.kubernetes.io/region", "fra1");
        return labels;
    }

    private static String providerId(CloudMachine machine) {
        return "digitalocean://" + machine.dropletId;
    }
}
