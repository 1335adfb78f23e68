package io.kubescaler.digitalocean;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.provider.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RedactorTest {
    private static final String TOKEN = "dop_v1_0123456789abcdef";

    private final Redactor redactor = new Redactor(new Secret(TOKEN));

    @Test
    void hidesTheTokenAsItIsAndAsBase64() {
        String base64 = Base64.getEncoder().encodeToString(TOKEN.getBytes(StandardCharsets.UTF_8));
        assertThat(redactor.clean(TOKEN)).isEqualTo("***");
        assertThat(redactor.clean("<" + base64 + ">")).startsWith("<***").doesNotContain(base64.substring(0, 16));
    }

    @Test
    void hidesANewTokenAndTheOneBeforeIt() {
        AtomicReference<String> text = new AtomicReference<>("token-before");
        Secret changing = new Secret(text::get);
        Redactor ofBoth = new Redactor(changing);
        text.set("token-after");
        changing.reveal();

        assertThat(ofBoth.clean("token-before, token-after")).isEqualTo("***, ***");
    }

    @Test
    void putsATextOnOneLineThatIsNotTooLong() {
        assertThat(redactor.clean("running")).isEqualTo("running");
        assertThat(redactor.clean(" no\n room\u001b[31m ")).isEqualTo("no room [31m");
        assertThat(redactor.clean("x".repeat(301))).isEqualTo("x".repeat(300) + "\u2026");
    }

    @Test
    void cutsNoTokenSoThatAPartOfItStays() {
        assertThat(redactor.clean("x".repeat(295) + TOKEN)).isEqualTo("x".repeat(295) + "***");
    }
}
