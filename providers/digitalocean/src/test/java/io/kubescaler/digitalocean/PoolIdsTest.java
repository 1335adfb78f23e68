package io.kubescaler.digitalocean;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PoolIdsTest {
    @Test
    void saysItInWordsInLogs() {
        assertThat(new Pool.Ids("cluster-1", "pool-1")).hasToString("pool-1 in cluster cluster-1");
    }
}
