package com.example.filecloud;

import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.NodePoolProviderFactory;
import io.kubescaler.provider.ProviderContext;
import io.kubescaler.testing.CloudUnderTest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** The cloud in a file, as the contract suite drives it: behind the provider's back, and on a clock of its own. */
public final class FileCloud implements CloudUnderTest {
    private static final Duration BOOT_TIME = Duration.ofSeconds(60);
    private static final String MACHINE = "machine.";
    private static final String DAMAGE = "<html>";

    private final Path file;
    private final NodePoolProvider provider;
    private final ManualClock clock = new ManualClock();
    private Optional<String> bootFailure = Optional.empty();

    /** Makes a pool of so many running machines in that folder. */
    public FileCloud(NodePoolProviderFactory factory, Path folder, int machines) {
        this.file = folder.resolve("pool.properties");
        store(new Properties());
        change(pool -> pool.setProperty("size", "0"));
        resizeBehindOurBack(machines);
        letMachinesBoot();
        provider = factory.create(contextOf(file, clock));
    }

    static ProviderContext contextOf(Path file, Clock clock) {
        return new ProviderContext(
                Optional.empty(),
                "pool",
                Optional.empty(),
                Map.of("file", file.toString(), "boot-seconds", String.valueOf(BOOT_TIME.toSeconds())),
                "test",
                clock);
    }

    @Override
    public NodePoolProvider provider() {
        return provider;
    }

    @Override
    public Set<String> secrets() {
        return Set.of();
    }

    @Override
    public int size() {
        return Integer.parseInt(load().getProperty("size"));
    }

    @Override
    public Set<String> machines() {
        Set<String> machines = new TreeSet<>();
        for (String key : load().stringPropertyNames()) {
            if (key.startsWith(MACHINE)) {
                machines.add(key.substring(MACHINE.length()));
            }
        }
        return machines;
    }

    @Override
    public void letMachinesBoot() {
        bootFailure.ifPresent(message -> change(pool -> machines().stream()
                .filter(machine -> isBooting(pool, machine))
                .forEach(machine -> pool.setProperty("failed." + machine, message))));
        clock.advance(BOOT_TIME);
    }

    @Override
    public void letDeletionsFinish() {
        // a machine is gone the moment that its deletion is taken
    }

    @Override
    public void letTimePass(Duration duration) {
        clock.advance(duration);
    }

    @Override
    public void resizeBehindOurBack(int size) {
        change(pool -> {
            for (int i = size(); i < size; i++) {
                pool.setProperty(MACHINE + "made-by-a-person-" + i, clock.instant().toString());
            }
            machines().stream().skip(size).forEach(machine -> pool.remove(MACHINE + machine));
            pool.setProperty("size", String.valueOf(size));
        });
    }

    @Override
    public void removeBehindOurBack(String machine) {
        change(pool -> {
            pool.remove(MACHINE + machine);
            pool.setProperty("size", String.valueOf(size() - 1));
        });
    }

    @Override
    public boolean fail(Failure failure, String message) {
        return switch (failure) {
            case POOL_NOT_FOUND -> {
                change(pool -> pool.setProperty("removed", message));
                yield true;
            }
            case GARBLED -> {
                change(pool -> pool.setProperty("limit", DAMAGE));
                yield true;
            }
            case UNAUTHORIZED, RATE_LIMITED, UNAVAILABLE, SILENT, ANSWER_LOST -> false;
        };
    }

    @Override
    public boolean failDeletionOf(String machine, String message) {
        change(pool -> pool.setProperty("refused." + machine, message));
        return true;
    }

    @Override
    public boolean failBooting(String message) {
        bootFailure = Optional.of(message);
        return true;
    }

    @Override
    public boolean limitTo(int nodes, String message) {
        change(pool -> {
            pool.setProperty("limit", String.valueOf(nodes));
            pool.setProperty("limit-message", message);
        });
        return true;
    }

    @Override
    public void recover() {
        change(pool -> {
            pool.remove("removed");
            pool.remove("limit", DAMAGE);
        });
    }

    @Override
    public void close() {
        provider.close();
    }

    private boolean isBooting(Properties pool, String machine) {
        return Instant.parse(pool.getProperty(MACHINE + machine)).plus(BOOT_TIME).isAfter(clock.instant());
    }

    private void change(Consumer<Properties> change) {
        Properties pool = load();
        change.accept(pool);
        store(pool);
    }

    private Properties load() {
        Properties pool = new Properties();
        try (InputStream input = Files.newInputStream(file)) {
            pool.load(input);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return pool;
    }

    private void store(Properties pool) {
        try (OutputStream output = Files.newOutputStream(file)) {
            pool.store(output, null);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    /** A clock that stands still until it is moved. */
    private static final class ManualClock extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        void advance(Duration duration) {
            now = now.plus(duration);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("always UTC");
        }
    }
}
