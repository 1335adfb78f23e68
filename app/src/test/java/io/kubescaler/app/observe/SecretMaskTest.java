package io.kubescaler.app.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.provider.ProviderContext;
import io.kubescaler.provider.Secret;
import io.kubescaler.provider.Setting;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SecretMaskTest {
    @Test
    void masksANewTextOfASecretAndTheOneBeforeIt() {
        AtomicReference<String> text = new AtomicReference<>("token-before");
        Secret token = new Secret(text::get);
        SecretMask mask = SecretMask.of(
                new ProviderContext(
                        Optional.empty(), "servers", Optional.of(token), Map.of(), "tests", Clock.systemUTC()),
                List.of());
        text.set("token-after");
        token.reveal();

        assertThat(mask.mask("token-before, token-after")).isEqualTo("***, ***");
    }

    @Test
    void masksASecretInEverySpelling() {
        SecretMask mask = SecretMask.of(List.of("dop_v1/\"x\" y"));

        assertThat(mask.mask("token dop_v1/\"x\" y.")).isEqualTo("token ***.");
        assertThat(mask.mask("{\"token\":\"dop_v1/\\\"x\\\" y\"}")).isEqualTo("{\"token\":\"***\"}");
        assertThat(mask.mask("?token=dop_v1%2F%22x%22+y&a=b")).isEqualTo("?token=***&a=b");
        assertThat(mask.mask("Basic ZG9wX3YxLyJ4IiB5")).isEqualTo("Basic ***");
    }

    @Test
    void masksBase64WithPaddingAndWithout() {
        SecretMask mask = SecretMask.of(List.of("thirteen-char"));

        assertThat(mask.mask("Basic dGhpcnRlZW4tY2hhcg==")).isEqualTo("Basic ***==");
        assertThat(mask.mask("Basic dGhpcnRlZW4tY2hhcg")).isEqualTo("Basic ***");
    }

    @Test
    void leavesOtherTextAlone() {
        assertThat(SecretMask.of(List.of("secret")).mask("nothing here")).isEqualTo("nothing here");
        assertThat(SecretMask.NONE.mask("anything")).isEqualTo("anything");
    }

    @Test
    void masksTheLongerOfTwoSecretsWhole() {
        assertThat(SecretMask.of(List.of("abcd", "abcdefgh")).mask("abcdefgh")).isEqualTo("***");
    }

    @Test
    void leavesOutWhatIsTooShortToBeASecret() {
        SecretMask mask = SecretMask.of(List.of("", " ", "a", "the"));

        assertThat(mask.isEmpty()).isTrue();
        assertThat(mask.mask("the aim")).isEqualTo("the aim");
    }

    @Test
    void takesTheTokenAndTheSecretSettingsOfAProvider() {
        ProviderContext context = new ProviderContext(
                Optional.empty(),
                "pool",
                Optional.of(new Secret("the-token\n")),
                Map.of("password", "the-password", "region", "frankfurt"),
                "test",
                Clock.systemUTC());
        List<Setting> declared = List.of(
                new Setting("password", "A password.", Optional.empty(), false, true),
                Setting.optional("region", "A region."),
                new Setting("unset", "Not set.", Optional.empty(), false, true));
        SecretMask mask = SecretMask.of(context, declared);

        assertThat(mask.mask("the-token the-password frankfurt")).isEqualTo("*** *** frankfurt");
        assertThat(mask.toString()).doesNotContain("the-token").doesNotContain("the-password");
    }
}
