package io.kubescaler.digitalocean;

import io.kubescaler.digitalocean.ApiClient.Account;
import io.kubescaler.provider.ProviderException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/**
 * Tells how many nodes the pool may have before the account's Droplet limit is reached: the limit ({@code GET
 * /v2/account}) less the Droplets that are not the pool's ({@code GET /v2/droplets}). Both need the scope {@code
 * droplet:read}; without it nothing is known. Asked once in a minute. Used by one thread at a time.
 */
final class DropletRoom {
    private static final Duration FRESH_FOR = Duration.ofMinutes(1);

    private final ApiClient api;
    private final Remembered<Integer> remembered;

    DropletRoom(ApiClient api, LongSupplier nanoTime) {
        this.api = api;
        this.remembered = new Remembered<>("the room below the account's Droplet limit", FRESH_FOR, nanoTime);
    }

    /**
     * Returns the most nodes that the pool may have, what it has been given already at least; empty when the cloud does
     * not tell. At most a minute old, so others may have used it up: the cloud has the last word.
     *
     * @throws ProviderException.Transient when the thread is interrupted meanwhile
     */
    OptionalInt limit(Pool pool, Deadline deadline) throws ProviderException.Transient {
        Optional<Integer> room = remembered.get(left -> read(pool, left), deadline);
        return room.isPresent() ? OptionalInt.of(Math.max(pool.count(), room.get())) : OptionalInt.empty();
    }

    private Optional<Integer> read(Pool pool, Deadline deadline) throws ProviderException {
        Account account = api.account(deadline);
        if (account.dropletLimit().isEmpty()) {
            return Optional.empty();
        }
        return api.dropletCount(deadline)
                .map(droplets -> of(account.dropletLimit().get(), droplets, pool));
    }

    /**
     * Returns the most nodes that the pool may have. A machine without a Droplet yet counts as one that is to come, so
     * the answer is rather too low for a moment than too high.
     */
    static int of(int dropletLimit, int droplets, Pool pool) {
        long own = pool.nodes().stream()
                .filter(machine -> !machine.dropletId().isEmpty())
                .count();
        return (int) (dropletLimit - Math.max(0, droplets - own));
    }
}
