package io.kubescaler.digitalocean;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.ProviderException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ErrorsTest {
    private final CloudStub cloud = new CloudStub();

    @AfterEach
    void close() {
        cloud.close();
    }

    @ParameterizedTest
    @CsvSource({
        "401,error-unauthorized,Unauthorized",
        "403,error-forbidden,Unauthorized",
        "404,error-not-found,NotFound",
        "400,error-unprocessable,InvalidRequest",
        "409,error-unprocessable,InvalidRequest",
        "422,error-unprocessable,InvalidRequest",
        "422,error-droplet-limit,QuotaExceeded",
        "429,error-rate-limited,RateLimited",
        "408,error-server,Transient",
        "500,error-server,Transient",
        "502,error-server,Transient",
        "503,error-server,Transient",
        "504,error-server,Transient"
    })
    void typesEachStatusAndQuotesTheCloud(int status, String file, String type) throws JsonProcessingException {
        String message = new ObjectMapper()
                .readTree(CloudStub.body(file))
                .path("message")
                .asText();
        cloud.answerEverything(cloud.json(status, file));
        Throwable thrown = catchThrowable(() -> cloud.provider().describe());

        assertThat(thrown.getClass().getSimpleName()).isEqualTo(type);
        assertThat(thrown)
                .hasMessageContaining(message)
                .hasMessageContaining("request 515850a0-a812-50bf-aa3c-d0d21d287e40")
                .hasMessageContaining("GET /v2/kubernetes/clusters")
                .hasMessageContaining(String.valueOf(status));
    }

    @Test
    void takesTheRequestIdFromTheHeaderWhenTheBodyHasNone() {
        cloud.answerEverything(aResponse()
                .withStatus(401)
                .withHeader("x-request-id", "4d9d8375-3c56-4925-a3e7-eb137fed17e9")
                .withBody("{\"id\":\"unauthorized\",\"message\":\"no\"}"));

        assertThatThrownBy(() -> cloud.provider().describe())
                .hasMessageContaining("request 4d9d8375-3c56-4925-a3e7-eb137fed17e9");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "\"text\"", "{", "<html>Bad Gateway</html>", "\uFFFD\u0000\u001B[31m"})
    void wordsAnErrorWhoseBodyIsNotTheApis(String body) {
        cloud.answerEverything(aResponse().withStatus(502).withBody(body));
        Throwable thrown = catchThrowable(() -> cloud.provider().describe());

        assertThat(thrown).isInstanceOf(ProviderException.Transient.class).hasMessageContaining("502");
        assertThat(thrown.getMessage()).doesNotContainPattern("\\p{Cntrl}");
        if (body.contains("html")) {
            assertThat(thrown).hasMessageContaining("Bad Gateway");
        }
    }

    @Test
    void cutsALongErrorShort() {
        cloud.answerEverything(aResponse().withStatus(400).withBody("x".repeat(100_000)));

        assertThat(catchThrowable(() -> cloud.provider().describe()).getMessage())
                .hasSizeLessThan(600);
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void saysTransientWhenTheAnswerIsCut(Fault fault) {
        cloud.answerEverything(aResponse().withFault(fault));

        assertThatThrownBy(() -> cloud.provider().describe()).isInstanceOf(ProviderException.Transient.class);
    }

    @Test
    void saysTransientWhenTheAnswerEndsInTheMiddle() {
        cloud.answerEverything(aResponse().withHeader("Content-Length", "5000").withBody("{\"kubernetes_clusters\":["));

        assertThatThrownBy(() -> cloud.provider().describe()).isInstanceOf(ProviderException.Transient.class);
    }

    @Test
    void saysTransientWhenNobodyListens() {
        NodePoolProvider provider = cloud.provider(cloud.context(Map.of("api-url", "http://127.0.0.1:1")));

        assertThatThrownBy(provider::describe)
                .isInstanceOf(ProviderException.Transient.class)
                .hasMessageContaining("GET /v2/kubernetes/clusters");
    }

    @Test
    void triesAReadAgainAFewTimesAndThenGivesUp() {
        cloud.answerEverything(cloud.json(500, "error-server"));

        assertThatThrownBy(() -> cloud.provider().describe()).isInstanceOf(ProviderException.Transient.class);
        assertThat(cloud.requests()).hasSize(3);
    }

    @Test
    void worksWhenASecondTryDoes() throws ProviderException {
        cloud.answerInTurn(
                "GET", CloudStub.CLUSTERS_PATH, cloud.json(503, "error-server"), cloud.json(200, "clusters"));

        assertThat(cloud.provider().describe().size()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 422, 429})
    void triesNothingAgainThatCannotPass(int status) {
        cloud.answerEverything(cloud.json(status, "error-unprocessable"));

        assertThat(catchThrowable(() -> cloud.provider().describe())).isInstanceOf(ProviderException.class);
        assertThat(cloud.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    void followsNoRedirect(int status) {
        WireMockServer elsewhere =
                new WireMockServer(options().bindAddress("127.0.0.1").dynamicPort());
        elsewhere.start();
        try {
            cloud.answerEverything(
                    aResponse().withStatus(status).withHeader("Location", elsewhere.baseUrl() + "/v2/account"));

            assertThatThrownBy(() -> cloud.provider().describe())
                    .isInstanceOf(ProviderException.InvalidRequest.class)
                    .hasMessageContaining("redirects are not followed")
                    .hasMessageContaining("api-url");
            assertThat(elsewhere.getAllServeEvents()).isEmpty();
        } finally {
            elsewhere.stop();
        }
    }

    @Test
    void waitsAsLongAsTheBurstLimitAsks() {
        assertThat(rateLimited(cloud.json(429, "error-rate-limited").withHeader("retry-after", "29"))
                        .retryAfter())
                .isEqualTo(Duration.ofSeconds(29));
    }

    @Test
    void waitsForTheResetOfTheHourlyLimit() {
        // the stub's ratelimit-reset is one hour after its clock; half of that here
        long reset = CloudStub.NOW.plusSeconds(1800).getEpochSecond();
        ResponseDefinitionBuilder answer = aResponse()
                .withStatus(429)
                .withHeader("ratelimit-remaining", "0")
                .withHeader("ratelimit-reset", String.valueOf(reset))
                .withBody(CloudStub.body("error-rate-limited"));

        assertThat(rateLimited(answer).retryAfter()).isEqualTo(Duration.ofSeconds(1800));
    }

    @ParameterizedTest
    @CsvSource({
        "0,,1",
        "7,9999999999,7",
        "999999,,3600",
        ",999999999999999999,60",
        ",0,1",
        "soon,,60",
        "-5,,60",
        "Wed 21 Oct 2026,soon,60",
        ",,60"
    })
    void waitsAtLeastASecondAtMostAnHourAndAMinuteWhenNothingSensibleIsSaid(
            String retryAfter, String reset, long seconds) {
        ResponseDefinitionBuilder answer = aResponse().withStatus(429);
        if (retryAfter != null) {
            answer.withHeader("retry-after", retryAfter);
        }
        if (reset != null) {
            answer.withHeader("ratelimit-reset", reset);
        }

        assertThat(rateLimited(answer).retryAfter()).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void sendsNothingUntilTheWaitIsOverWhicheverPoolIsAsking() throws ProviderException {
        cloud.answerInTurn(
                "GET",
                CloudStub.CLUSTERS_PATH,
                cloud.json(429, "error-rate-limited").withHeader("retry-after", "29"),
                cloud.json(200, "clusters"));
        NodePoolProvider other = cloud.provider();
        assertThatThrownBy(() -> cloud.provider().describe()).isInstanceOf(ProviderException.RateLimited.class);
        cloud.skip(Duration.ofSeconds(20));

        ProviderException.RateLimited limited =
                catchThrowableOfType(ProviderException.RateLimited.class, other::describe);
        assertThat(limited.retryAfter()).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(9));
        assertThat(cloud.requests()).hasSize(1);
        cloud.skip(Duration.ofSeconds(10));
        assertThat(other.describe().size()).isEqualTo(3);
    }

    private ProviderException.RateLimited rateLimited(ResponseDefinitionBuilder answer) {
        cloud.answerEverything(answer);
        return catchThrowableOfType(
                ProviderException.RateLimited.class, () -> cloud.provider().describe());
    }
}
