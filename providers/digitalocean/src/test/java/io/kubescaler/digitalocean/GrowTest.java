package io.kubescaler.digitalocean;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.http.Fault;
import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.ProviderException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class GrowTest {
    private final CloudStub cloud = new CloudStub();

    @AfterEach
    void close() {
        cloud.close();
    }

    @Test
    void sendsBackWhatWasReadSoThatAResizeDropsNothing() throws Exception {
        cloud.provider().grow(5);

        assertThat(orders()).hasSize(1);
        assertThat(orders().get(0)).isEqualTo(new ObjectMapper().readTree("""
                {"name": "servers", "count": 5, "tags": ["game"],
                 "labels": {"role": "server", "tier": "gold"},
                 "taints": [{"key": "dedicated", "value": "servers", "effect": "NoSchedule"}]}
                """));
        assertThat(cloud.requests("PUT", CloudStub.POOL_PATH).get(0).getHeader("Content-Type"))
                .isEqualTo("application/json");
    }

    @Test
    void leavesOutWhatThePoolDoesNotHave() throws Exception {
        NodePoolProvider provider = locatedProvider();
        cloud.answer("GET", CloudStub.POOL_PATH, cloud.json(200, "pool-bare"));
        provider.grow(5);

        assertThat(orders()).containsExactly(new ObjectMapper().readTree("{\"name\": \"servers\", \"count\": 5}"));
    }

    @Test
    void readsTheSizeRightBeforeItOrders() throws Exception {
        NodePoolProvider provider = locatedProvider();
        cloud.server().resetRequests();
        provider.grow(5);

        assertThat(cloud.requests()).containsExactly("GET " + CloudStub.POOL_PATH, "PUT " + CloudStub.POOL_PATH);
    }

    @Test
    void saysThatNothingWasSentWhenTheSizeCannotBeRead() throws Exception {
        NodePoolProvider provider = locatedProvider();
        cloud.answer("GET", CloudStub.POOL_PATH, aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
        assertThatThrownBy(() -> provider.grow(5)).isInstanceOf(ProviderException.NotSent.class);
        assertThat(orders()).isEmpty();
    }

    @Test
    void saysThatNothingWasSentWhenNobodyListens() throws Exception {
        NodePoolProvider provider = locatedProvider();
        cloud.server().stop();
        assertThatThrownBy(() -> provider.describe())
                .isInstanceOf(ProviderException.NotSent.class)
                .hasMessageContaining("was not sent");
    }

    @Test
    void leavesThePoolAloneWhenItHasTheSize() throws Exception {
        cloud.provider().grow(3);

        assertThat(orders()).isEmpty();
    }

    @Test
    void refusesToLowerTheSize() throws Exception {
        assertThatThrownBy(() -> cloud.provider().grow(2))
                .isInstanceOf(ProviderException.InvalidRequest.class)
                .hasMessageContaining("has 3 nodes")
                .hasMessageContaining("to 2");
        assertThat(orders()).isEmpty();
    }

    @Test
    void refusesWhenTheCountWasRaisedBehindItsBack() throws Exception {
        NodePoolProvider provider = locatedProvider();
        cloud.answer("GET", CloudStub.POOL_PATH, cloud.json(200, "pool-of-five"));

        assertThatThrownBy(() -> provider.grow(4)).isInstanceOf(ProviderException.InvalidRequest.class);
        assertThat(orders()).isEmpty();
    }

    @Test
    void refusesAPoolThatTheCloudScalesToo() throws Exception {
        NodePoolProvider provider = locatedProvider();
        cloud.answer("GET", CloudStub.POOL_PATH, cloud.json(200, "pool-auto-scale"));

        assertThatThrownBy(() -> provider.grow(5))
                .isInstanceOf(ProviderException.InvalidRequest.class)
                .hasMessageContaining("auto-scaling");
        assertThat(orders()).isEmpty();
    }

    @Test
    void saysQuotaExceededAtTheDropletLimit() throws Exception {
        cloud.answer("PUT", CloudStub.POOL_PATH, cloud.json(422, "error-droplet-limit"));

        assertThatThrownBy(() -> cloud.provider().grow(5))
                .isInstanceOf(ProviderException.QuotaExceeded.class)
                .hasMessageContaining("not enough available droplet limit")
                .hasMessageContaining("515850a0-a812-50bf-aa3c-d0d21d287e40");
        assertThat(orders()).as("a quota is no reason to try again at once").hasSize(1);
    }

    @Test
    void saysInvalidRequestForAnyOther422() {
        cloud.answer("PUT", CloudStub.POOL_PATH, cloud.json(422, "error-unprocessable"));

        assertThatThrownBy(() -> cloud.provider().grow(5))
                .isInstanceOf(ProviderException.InvalidRequest.class)
                .hasMessageContaining("name is not valid");
    }

    @Test
    void ordersOnceSinceAnOrderWithoutAnswerMayBeCarriedOutLate() throws Exception {
        NodePoolProvider provider = locatedProvider();
        cloud.answer("PUT", CloudStub.POOL_PATH, aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));

        assertThatThrownBy(() -> provider.grow(5)).isInstanceOf(ProviderException.Transient.class);
        assertThat(orders()).hasSize(1);
    }

    @Test
    void ordersOnceWhenTheCloudFails() throws Exception {
        NodePoolProvider provider = locatedProvider();
        cloud.answer("PUT", CloudStub.POOL_PATH, cloud.json(500, "error-server"));

        assertThatThrownBy(() -> provider.grow(5)).isInstanceOf(ProviderException.Transient.class);
        assertThat(orders()).hasSize(1);
    }

    @Test
    void ordersOnceEvenWhenTheCloudSaysRetryAtOnce() throws Exception {
        NodePoolProvider provider = locatedProvider();
        cloud.answer("PUT", CloudStub.POOL_PATH, aResponse().withStatus(503).withHeader("Retry-After", "0"));

        assertThatThrownBy(() -> provider.grow(5)).isInstanceOf(ProviderException.Transient.class);
        assertThat(orders()).hasSize(1);
    }

    @Test
    void readsTheSizeAgainWhenReadingItFails() throws Exception {
        NodePoolProvider provider = locatedProvider();
        cloud.answerInTurn("GET", CloudStub.POOL_PATH, cloud.json(500, "error-server"), cloud.json(200, "pool"));

        assertThatCode(() -> provider.grow(5)).doesNotThrowAnyException();
        assertThat(orders()).hasSize(1);
    }

    @Test
    void doesNotTakeAProxysPageForAnAcceptedOrder() {
        cloud.answer("PUT", CloudStub.POOL_PATH, aResponse().withBody("<html>Sign in</html>"));

        assertThatThrownBy(() -> cloud.provider().grow(5)).isInstanceOf(ProviderException.Transient.class);
    }

    private NodePoolProvider locatedProvider() throws ProviderException {
        NodePoolProvider provider = cloud.provider();
        provider.describe();
        return provider;
    }

    private List<JsonNode> orders() throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> orders = new ArrayList<>();
        for (var order : cloud.requests("PUT", CloudStub.POOL_PATH)) {
            orders.add(json.readTree(order.getBody()));
        }
        return orders;
    }
}
