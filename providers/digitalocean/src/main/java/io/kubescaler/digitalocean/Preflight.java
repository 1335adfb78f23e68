package io.kubescaler.digitalocean;

import io.kubescaler.digitalocean.ApiClient.Account;
import io.kubescaler.digitalocean.ApiClient.Cluster;
import io.kubescaler.digitalocean.HttpTransport.RateLeft;
import io.kubescaler.model.Count;
import io.kubescaler.provider.Finding;
import io.kubescaler.provider.ProviderException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks for what would stand in the way of scaling, by reading alone. Thread-safe. */
final class Preflight {
    private static final String TOKEN = "token";
    private static final String CLUSTER = "cluster";
    private static final String POOL = "node pool";
    private static final String AUTO_SCALE = "auto-scaling";
    private static final String SIZE = "size";
    private static final String ACCOUNT = "account";
    private static final String DROPLETS = "droplet limit";
    private static final String RATE = "rate limit";

    private final ApiClient api;
    private final PoolLocator locator;
    private final HttpTransport transport;
    private final Retries retries;

    Preflight(ApiClient api, PoolLocator locator, HttpTransport transport, Retries retries) {
        this.api = api;
        this.locator = locator;
        this.transport = transport;
        this.retries = retries;
    }

    /** Returns what was found, in the order of looking. */
    List<Finding> run(int maximum, Deadline deadline) {
        List<Finding> findings = new ArrayList<>();
        Optional<Pool> pool = pool(findings, deadline);
        pool.ifPresent(found -> {
            findings.add(autoScale(found));
            findings.add(size(found, maximum));
        });
        account(findings, deadline).ifPresent(account -> findings.add(droplets(account, pool, maximum, deadline)));
        transport.rateLeft().ifPresent(left -> findings.add(rate(left)));
        return List.copyOf(findings);
    }

    private Optional<Pool> pool(List<Finding> findings, Deadline deadline) {
        String looking = CLUSTER;
        try {
            Cluster cluster = retries.read(deadline, () -> locator.cluster(deadline));
            findings.add(Finding.ok(
                    TOKEN,
                    "reads clusters (kubernetes:read); whether it may resize (kubernetes:update) shows at the first"
                            + " resize only"));
            findings.add(cluster(cluster));
            looking = POOL;
            Pool pool = retries.read(deadline, () -> locator.find(cluster, deadline));
            findings.add(Finding.ok(
                    POOL, "'%s' found, %s".formatted(pool.name(), pool.ids().poolId())));
            return Optional.of(pool);
        } catch (ProviderException.Unauthorized refusal) {
            findings.add(Finding.error(TOKEN, ApiErrors.message(refusal)));
        } catch (ProviderException failure) {
            findings.add(Finding.error(looking, ApiErrors.message(failure)));
        }
        return Optional.empty();
    }

    private static Finding cluster(Cluster cluster) {
        String found = "'%s' found, %s".formatted(cluster.name(), cluster.id());
        return cluster.state().isEmpty() || cluster.state().equals("running")
                ? Finding.ok(CLUSTER, found)
                : Finding.warning(CLUSTER, found + "; DigitalOcean says it is " + cluster.state());
    }

    private static Finding autoScale(Pool pool) {
        return pool.autoScale()
                ? Finding.error(AUTO_SCALE, DigitalOceanProvider.autoScaleRemedy(pool))
                : Finding.ok(AUTO_SCALE, "off, as it must be");
    }

    private static Finding size(Pool pool, int maximum) {
        if (pool.count() > maximum) {
            return Finding.warning(
                    SIZE,
                    "the pool has %s, the maximum is %d: nothing is added, and what is above goes as nodes empty"
                            .formatted(Count.of(pool.count(), "node"), maximum));
        }
        return Finding.ok(SIZE, "%s, at most %d".formatted(Count.of(pool.count(), "node"), maximum));
    }

    private Optional<Account> account(List<Finding> findings, Deadline deadline) {
        try {
            Account account = retries.read(deadline, () -> api.account(deadline));
            if (account.status().equals("locked")) {
                findings.add(Finding.error(ACCOUNT, "is locked: " + account.statusMessage()));
            } else if (account.status().equals("warning")) {
                findings.add(Finding.warning(ACCOUNT, "has a warning: " + account.statusMessage()));
            }
            return Optional.of(account);
        } catch (ProviderException failure) {
            findings.add(Finding.warning(
                    DROPLETS,
                    "could not be read, which takes account:read and droplet:read: " + ApiErrors.message(failure)));
            return Optional.empty();
        }
    }

    private Finding droplets(Account account, Optional<Pool> pool, int maximum, Deadline deadline) {
        if (account.dropletLimit().isEmpty()) {
            return Finding.warning(DROPLETS, "is not told to this token; with droplet:read it would be");
        }
        int limit = account.dropletLimit().get();
        if (limit < maximum) {
            return tooLow("the account may have " + Count.of(limit, "Droplet"), maximum);
        }
        try {
            Optional<Integer> droplets = retries.read(deadline, () -> api.dropletCount(deadline));
            if (droplets.isPresent() && pool.isPresent()) {
                return room(limit, droplets.get(), pool.get(), maximum);
            }
            return Finding.ok(
                    DROPLETS,
                    "%s for the account, at most %s".formatted(Count.of(limit, "Droplet"), Count.of(maximum, "node")));
        } catch (ProviderException failure) {
            return Finding.warning(
                    DROPLETS,
                    "the account may have %s; how many it has could not be read, which takes droplet:read: %s"
                            .formatted(Count.of(limit, "Droplet"), ApiErrors.message(failure)));
        }
    }

    private static Finding room(int limit, int droplets, Pool pool, int maximum) {
        int room = DropletRoom.of(limit, droplets, pool);
        String numbers = "the account may have %s and has %d, which leaves the pool %s"
                .formatted(Count.of(limit, "Droplet"), droplets, Count.of(room, "node"));
        return room < maximum ? tooLow(numbers, maximum) : Finding.ok(DROPLETS, numbers);
    }

    private static Finding tooLow(String numbers, int maximum) {
        return Finding.warning(
                DROPLETS,
                "%s, fewer than the maximum of %d: ask DigitalOcean for a higher limit or lower the maximum"
                        .formatted(numbers, maximum));
    }

    private static Finding rate(RateLeft left) {
        String message = "%d of %s left in this hour".formatted(left.left(), Count.of(left.limit(), "request"));
        // a pool takes about a tenth of the hourly limit
        return left.left() * 10 < left.limit()
                ? Finding.warning(RATE, message + ": something else uses the token, give this one its own")
                : Finding.ok(RATE, message);
    }
}
