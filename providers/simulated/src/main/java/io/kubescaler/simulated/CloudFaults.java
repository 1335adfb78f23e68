package io.kubescaler.simulated;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What is made to go wrong in a simulated cloud, on demand. Safe for use by several threads. */
public final class CloudFaults {
    private final Map<String, CloudError> deletions = new HashMap<>();
    private Optional<CloudError> everything = Optional.empty();
    private Optional<String> boots = Optional.empty();
    private boolean machinesAreSound;

    CloudFaults() {}

    /** Makes every request fail with that error from now on. */
    public synchronized void failRequests(CloudError error) {
        everything = Optional.of(error);
    }

    /** Makes every deletion of that machine fail with that error from now on. */
    public synchronized void failDeletionOf(String machine, CloudError error) {
        deletions.put(machine, error);
    }

    /** Makes every machine fail that should come up from now on; the cloud says that of it. */
    public synchronized void failBooting(String message) {
        boots = Optional.of(message);
    }

    /** Makes every machine that is ordered from now on come up, whatever the shares of those that do not. */
    public synchronized void letMachinesComeUp() {
        machinesAreSound = true;
    }

    /** Ends everything that goes wrong on demand. */
    public synchronized void recover() {
        deletions.clear();
        everything = Optional.empty();
        boots = Optional.empty();
    }

    synchronized void beforeRequest() throws CloudError {
        if (everything.isPresent() && everything.get().kind() != CloudError.Kind.ANSWER_LOST) {
            throw everything.get();
        }
    }

    synchronized void answer() throws CloudError {
        if (everything.isPresent()) {
            throw everything.get();
        }
    }

    synchronized void beforeDeletion(String machine) throws CloudError {
        CloudError error = deletions.get(machine);
        if (error != null) {
            throw error;
        }
    }

    synchronized boolean machinesAreSound() {
        return machinesAreSound;
    }

    synchronized Optional<String> bootFailure() {
        return boots;
    }
}
