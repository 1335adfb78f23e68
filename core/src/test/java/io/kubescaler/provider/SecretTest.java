package io.kubescaler.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SecretTest {
    private String text = "first";
    private final Secret secret = new Secret(() -> text);

    @Test
    void revealsTheTextAsItIsNowAndShowsNone() {
        assertThat(secret.reveal()).isEqualTo("first");
        text = "second";
        assertThat(secret.reveal()).isEqualTo("second");
        assertThat(secret).hasToString("***").isEqualTo(new Secret("second")).isNotEqualTo(new Secret("first"));
    }

    @Test
    void knowsEveryTextBeforeItCanHaveBeenSent() {
        text = "second";
        assertThat(secret.texts()).as("nobody has it yet").containsExactly("first");
        assertThat(secret.reveal()).isEqualTo(secret.texts().get(0));
        text = "first";
        secret.reveal();
        assertThat(secret.texts()).containsExactly("first", "second");
    }

    @Test
    void knowsTheLatestTenTexts() {
        for (int i = 0; i < 30; i++) {
            text = "text-" + i;
            secret.reveal();
        }
        assertThat(secret.texts()).hasSize(10).startsWith("text-29", "text-28").endsWith("text-20");
    }
}
