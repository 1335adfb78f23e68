package io.kubescaler.app.demo;

import io.kubescaler.app.config.ConfigurationException;
import io.kubescaler.app.config.OwnPool;
import io.kubescaler.app.http.HttpServerException;
import io.kubescaler.app.options.OutputOption;
import io.kubescaler.app.options.TimeConverter;
import io.kubescaler.app.output.Documents;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.simulated.SimulationClock.Pace;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows the scaler at work on an embedded, simulated cluster and cloud: no account, no cluster, no set-up. */
@Command(
        name = "demo",
        description = {
            "Shows the scaler at work on an embedded, simulated cluster and cloud.",
            "Needs no account, no cluster and no set-up; --set and --config change the keys of its pool."
        })
public final class DemoCommand implements Callable<Integer> {
    // how long the end of the process waits for the totals to be printed
    private static final long FAREWELL_SECONDS = 5;
    // it failed while running, and its usage was right
    private static final int FAILED = 1;
    private static final double HIGHEST_SPEED = 1_000_000;

    private final PrintWriter out;
    private final OwnPool.Reader pools;
    private final Ending ending;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--speed",
            paramLabel = "FACTOR",
            defaultValue = "60",
            description = "simulated seconds in a real second (${DEFAULT-VALUE})")
    private double speed = 60;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "how long to run, in real time, such as 30s; without it, until Ctrl-C")
    private Optional<Duration> wall = Optional.empty();

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "where all randomness comes from (${DEFAULT-VALUE})")
    private long seed = 1;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "serves health, metrics and the API at this port of this machine, such as 8080; 0 is any free"
                    + " one; without it nothing listens")
    private Optional<Integer> port = Optional.empty();

    @Mixin
    private final OutputOption output = new OutputOption();

    /** Where one is told that the process is asked to end. */
    interface Ending {
        /** Has the thread run when the process is asked to end; the process waits for it. */
        void runAtEnd(Thread thread);

        /** Has the thread not run any more; does nothing when the process is ending already. */
        void forget(Thread thread);
    }

    /**
     * @param out where the result goes
     * @param pools reads the pool, as far as its user sets it
     */
    public DemoCommand(PrintWriter out, OwnPool.Reader pools) {
        this(out, pools, new EndOfProcess());
    }

    DemoCommand(PrintWriter out, OwnPool.Reader pools, Ending ending) {
        this.out = out;
        this.pools = pools;
        this.ending = ending;
    }

    @Override
    public Integer call() throws ConfigurationException, InterruptedException {
        check();
        PoolPolicy policy = pools.read(Demo.POOL);
        check(policy);
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        Thread farewell = new Thread(() -> await(stop, over), "demo-farewell");
        ending.runAtEnd(farewell);
        try {
            run(new Demo(seed, policy), stop);
            return 0;
        } catch (HttpServerException taken) {
            spec.commandLine()
                    .getErr()
                    .printf(
                            "kubescaler: --port %d: it is in use or not allowed; give another, 0 being any free one%n",
                            port.orElseThrow());
            return FAILED;
        } finally {
            over.countDown();
            ending.forget(farewell);
        }
    }

    private void run(Demo demo, CountDownLatch stop) throws HttpServerException, InterruptedException {
        try (DemoServer server = DemoServer.start(port, demo.policy())) {
            run(demo, server, stop);
        }
    }

    private void run(Demo demo, DemoServer server, CountDownLatch stop) throws InterruptedException {
        Optional<Duration> simulated = wall.map(this::simulated);
        Pace pace = Pace.startingNow(speed, System::nanoTime);
        if (output.json()) {
            DemoJson json = new DemoJson();
            demo.run(simulated, pace, stop, server.with(json));
            write(json, demo);
        } else {
            // a row in a second of watching
            DemoText text = new DemoText(out, demo, Duration.ofMillis((long) (speed * 1000)));
            text.begin(seed, speed, wall);
            server.address().ifPresent(address -> out.println("The API is at " + address + "/api/v1/pools."));
            demo.run(simulated, pace, stop, server.with(text));
            text.end();
        }
    }

    private Duration simulated(Duration real) {
        return Duration.ofMillis((long) (real.toMillis() * speed));
    }

    private void write(DemoJson json, Demo demo) {
        Documents.write(out, json.document(seed, speed, demo.totals()));
    }

    // its nodes and servers are made with the labels that the selectors require
    private void check(PoolPolicy policy) {
        check("nodes", policy.selector(), "pool=demo");
        check("servers", policy.serverSelector(), "app=game-server");
    }

    private void check(String what, LabelSelector selector, String example) {
        if (!selector.matches(selector.requiredLabels())) {
            throw refused(
                    ("the %s of a demo have the labels that their selector names with one value, and '%s' asks for more; write"
                                    + " one such as %s")
                            .formatted(what, selector, example));
        }
    }

    private void check() {
        if (!(speed > 0 && speed <= HIGHEST_SPEED)) {
            throw refused("--speed %s: it must be above 0 and at most %d".formatted(speed, (long) HIGHEST_SPEED));
        }
        if (wall.filter(Duration::isZero).isPresent()) {
            throw refused("--for 0s: it must be above 0");
        }
        if (port.filter(it -> it < 0 || it > 65535).isPresent()) {
            throw refused("--port %d: it must be from 0 to 65535".formatted(port.get()));
        }
    }

    private ParameterException refused(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private static void await(CountDownLatch stop, CountDownLatch over) {
        stop.countDown();
        try {
            if (!over.await(FAREWELL_SECONDS, TimeUnit.SECONDS)) {
                Thread.currentThread().interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class EndOfProcess implements Ending {
        private static final Logger LOG = LoggerFactory.getLogger(DemoCommand.class);

        @Override
        public void runAtEnd(Thread thread) {
            Runtime.getRuntime().addShutdownHook(thread);
        }

        @Override
        public void forget(Thread thread) {
            try {
                Runtime.getRuntime().removeShutdownHook(thread);
            } catch (IllegalStateException e) {
                LOG.debug("the process is ending already", e);
            }
        }
    }
}
