package io.kubescaler.kubernetes.lease;

import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Makes the name that a process writes into the lease: one that people recognise, and a random part. Without the random
 * part, two processes of one name (a configured identity used twice, a pod whose machine was lost and that was made anew)
 * would each take the other's lease for its own.
 */
public final class LeaseIdentity {
    private LeaseIdentity() {}

    /**
     * Returns a name for this process, such as {@code kubescaler-5d4f-x2x_1f0c9b7e}.
     *
     * @param configured {@code leader-election.identity}
     * @param environment the environment variables: {@code POD_NAME} and else {@code HOSTNAME} name the process
     * @param random gives the random part; must not be seeded alike in two processes
     */
    public static String of(Optional<String> configured, Map<String, String> environment, RandomGenerator random) {
        String name = configured
                .or(() -> set(environment, "POD_NAME"))
                .or(() -> set(environment, "HOSTNAME"))
                .orElse("kubescaler");
        return name + "_" + HexFormat.of().toHexDigits(random.nextInt());
    }

    private static Optional<String> set(Map<String, String> environment, String variable) {
        return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isBlank());
    }
}
