package com.example.filecloud;

import io.kubescaler.model.Instance;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.provider.Deletion;
import io.kubescaler.provider.Finding;
import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.ProviderException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;

/** One pool, kept in a file. */
final class FileCloudProvider implements NodePoolProvider {
    // the road from a plug-in to the program's logs
    private static final System.Logger LOGGER = System.getLogger(FileCloudProvider.class.getName());

    private final PoolFile file;
    private final Duration bootTime;
    private final Clock clock;

    FileCloudProvider(Path path, Duration bootTime, Clock clock) {
        this.file = new PoolFile(path);
        this.bootTime = bootTime;
        this.clock = clock;
    }

    @Override
    public PoolDescription describe() throws ProviderException {
        PoolFile.Content content = file.read();
        List<Instance> instances = new ArrayList<>();
        content.machines().forEach((id, ordered) -> instances.add(instance(content, id, ordered)));
        OptionalInt limit =
                content.limit() == Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of(content.limit());
        return new PoolDescription(content.size(), instances, Optional.empty(), Optional.empty(), limit);
    }

    @Override
    public void grow(int size) throws ProviderException {
        file.change(content -> {
            if (content.size() > size) {
                throw new ProviderException.InvalidRequest(
                        "the pool has %d machines; growing it to %d would remove some".formatted(content.size(), size));
            }
            if (size > content.limit() && size > content.size()) {
                throw new ProviderException.QuotaExceeded(content.properties()
                        .getProperty("limit-message", "there may be at most %d machines".formatted(content.limit())));
            }
            TreeMap<String, Instant> machines = new TreeMap<>(content.machines());
            for (int i = content.size(); i < size; i++) {
                machines.put("m-" + UUID.randomUUID(), clock.instant());
            }
            return new PoolFile.Content(size, machines, content.properties());
        });
        LOGGER.log(System.Logger.Level.DEBUG, "the pool was asked for {0} machines", size);
    }

    @Override
    public List<Deletion> delete(List<String> instanceIds) {
        // one by one: a machine that cannot be deleted must not stop the others
        return instanceIds.stream().map(this::delete).toList();
    }

    private Deletion delete(String id) {
        try {
            file.change(content -> without(content, id));
            return Deletion.done(id);
        } catch (ProviderException failed) {
            return Deletion.failed(id, failed);
        }
    }

    private static PoolFile.Content without(PoolFile.Content content, String id) throws ProviderException {
        if (!content.machines().containsKey(id)) {
            // gone already: a success, and the size was lowered when it went
            return content;
        }
        String refused = content.about("refused", id);
        if (!refused.isEmpty()) {
            throw new ProviderException.Transient(refused);
        }
        TreeMap<String, Instant> machines = new TreeMap<>(content.machines());
        machines.remove(id);
        return new PoolFile.Content(content.size() - 1, machines, content.properties());
    }

    @Override
    public List<Finding> preflight(int maximum) {
        try {
            PoolFile.Content content = file.read();
            Finding pool = Finding.ok("node pool", "it has %d machines".formatted(content.size()));
            Finding limit = content.limit() < maximum
                    ? Finding.warning(
                            "limit",
                            "the maximum is %d and there may be at most %d machines".formatted(maximum, content.limit()))
                    : Finding.ok("limit", "there may be as many machines as the maximum says");
            return List.of(pool, limit);
        } catch (ProviderException failed) {
            return List.of(Finding.error("node pool", failed.getMessage()));
        }
    }

    @Override
    public void close() {
        // nothing is open between two calls
    }

    private Instance instance(PoolFile.Content content, String id, Instant ordered) {
        String failed = content.about("failed", id);
        boolean up = !ordered.plus(bootTime).isAfter(clock.instant());
        // in this cloud only a machine that never started fails; of one that has run, never say FAILED
        Instance.State state = !failed.isEmpty()
                ? Instance.State.FAILED
                : up ? Instance.State.RUNNING : Instance.State.BOOTING;
        return new Instance(id, Optional.of("filecloud://" + id), Optional.of(id), state, failed, ordered);
    }
}
