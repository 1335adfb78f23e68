package io.kubescaler.digitalocean;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.http.Fault;
import io.kubescaler.provider.Deletion;
import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.ProviderException;
import io.kubescaler.provider.ProviderException.RateLimited.Scope;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DeleteTest {
    private static final String SECOND_PATH = CloudStub.POOL_PATH + "/nodes/" + CloudStub.SECOND_NODE;

    private final CloudStub cloud = new CloudStub();

    @AfterEach
    void close() {
        cloud.close();
    }

    @Test
    void deletesTheNodeAndLetsTheCloudDrainItFirst() {
        assertThat(cloud.provider().delete(List.of(CloudStub.NODE))).containsExactly(Deletion.done(CloudStub.NODE));

        assertThat(deletions()).containsExactly("DELETE " + CloudStub.NODE_PATH + "?skip_drain=0");
    }

    @Test
    void deletesTheNodeAtOnceWhenConfiguredSo() {
        NodePoolProvider provider = cloud.provider(cloud.context(Map.of("skip-drain", "true")));
        provider.delete(List.of(CloudStub.NODE));

        assertThat(deletions()).containsExactly("DELETE " + CloudStub.NODE_PATH + "?skip_drain=1");
    }

    @Test
    void succeedsWhenTheNodeIsGoneAlready() {
        cloud.answer("DELETE", CloudStub.NODE_PATH, cloud.json(404, "error-not-found"));

        assertThat(cloud.provider().delete(List.of(CloudStub.NODE))).containsExactly(Deletion.done(CloudStub.NODE));
    }

    @Test
    void succeedsWhenTheCloudRefusesBecauseTheNodeIsOnItsWayOut() throws ProviderException {
        NodePoolProvider provider = cloud.provider();
        provider.describe();
        cloud.answer("GET", CloudStub.POOL_PATH, cloud.json(200, "pool-draining"));
        cloud.answer("DELETE", SECOND_PATH, cloud.json(422, "error-being-deleted"));

        assertThat(provider.delete(List.of(CloudStub.SECOND_NODE)))
                .containsExactly(Deletion.done(CloudStub.SECOND_NODE));
    }

    @Test
    void leavesItOpenWhenNobodyCanTellWhetherTheNodeIsOnItsWayOut() throws ProviderException {
        NodePoolProvider provider = cloud.provider();
        provider.describe();
        cloud.answer("DELETE", SECOND_PATH, cloud.json(422, "error-being-deleted"));
        cloud.answer("GET", CloudStub.POOL_PATH, aResponse().withStatus(403));

        assertThat(provider.delete(List.of(CloudStub.SECOND_NODE)).get(0).error())
                .hasValueSatisfying(error -> assertThat(error)
                        .isExactlyInstanceOf(ProviderException.Transient.class)
                        .hasMessageContaining("could not be read"));
    }

    @Test
    void failsWhenTheCloudRefusesForAnotherReason() {
        cloud.answer("DELETE", CloudStub.NODE_PATH, cloud.json(422, "error-unprocessable"));

        assertThat(cloud.provider().delete(List.of(CloudStub.NODE)).get(0).error())
                .hasValueSatisfying(error -> assertThat(error)
                        .isInstanceOf(ProviderException.InvalidRequest.class)
                        .hasMessageContaining("name is not valid"));
    }

    @Test
    void leavesReadingAndGrowthAloneOnceTheDeletionsHaveUsedUpTheirPart() throws ProviderException {
        NodePoolProvider provider = cloud.provider(cloud.context(Map.of("requests-per-minute", "40")));
        int size = provider.describe().size();
        List<Deletion> deletions = provider.delete(Collections.nCopies(5, CloudStub.NODE));

        assertThat(deletions.subList(0, 4)).containsOnly(Deletion.done(CloudStub.NODE));
        assertThat(deletions.get(4).error())
                .hasValueSatisfying(error -> assertThat(error)
                        .isInstanceOfSatisfying(
                                ProviderException.RateLimited.class,
                                limited -> assertThat(limited.scope()).isEqualTo(Scope.DELETIONS)));
        provider.describe();
        provider.grow(size + 1);
    }

    @Test
    void carriesOnAfterOneThatFails() {
        cloud.answer("DELETE", CloudStub.NODE_PATH, cloud.json(500, "error-server"));
        cloud.answer("DELETE", SECOND_PATH, aResponse().withStatus(202));
        List<Deletion> deletions = cloud.provider().delete(List.of(CloudStub.NODE, CloudStub.SECOND_NODE));

        assertThat(deletions).extracting(Deletion::instanceId).containsExactly(CloudStub.NODE, CloudStub.SECOND_NODE);
        assertThat(deletions.get(0).error()).containsInstanceOf(ProviderException.Transient.class);
        assertThat(deletions.get(1).error()).isEmpty();
    }

    @Test
    void sendsADeletionOnceForTheScalerLooksAgainBeforeItIsRepeated() {
        cloud.answerInTurn(
                "DELETE",
                CloudStub.NODE_PATH,
                aResponse().withFault(Fault.EMPTY_RESPONSE),
                cloud.json(404, "error-not-found"));
        NodePoolProvider provider = cloud.provider();

        assertThat(provider.delete(List.of(CloudStub.NODE)).get(0).error())
                .containsInstanceOf(ProviderException.Transient.class);
        assertThat(deletions()).hasSize(1);
        assertThat(provider.delete(List.of(CloudStub.NODE))).containsExactly(Deletion.done(CloudStub.NODE));
    }

    @Test
    void doesNotTakeAProxysPageForADeletion() {
        cloud.answer("DELETE", CloudStub.NODE_PATH, aResponse().withBody("<html>Sign in</html>"));

        assertThat(cloud.provider().delete(List.of(CloudStub.NODE)).get(0).error())
                .containsInstanceOf(ProviderException.Transient.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {202, 204})
    void succeedsWithTheAnswersOfTheApiAlone(int status) {
        cloud.answer("DELETE", CloudStub.NODE_PATH, aResponse().withStatus(status));

        assertThat(cloud.provider().delete(List.of(CloudStub.NODE))).containsExactly(Deletion.done(CloudStub.NODE));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 203, 206})
    void doesNotTakeAnyOtherSuccessForADeletion(int status) {
        cloud.answer("DELETE", CloudStub.NODE_PATH, aResponse().withStatus(status));

        assertThat(cloud.provider().delete(List.of(CloudStub.NODE)).get(0).error())
                .hasValueSatisfying(error -> assertThat(error)
                        .isInstanceOf(ProviderException.Transient.class)
                        .hasMessage("DigitalOcean answered DELETE %s with %d instead of 202 or 204"
                                .formatted(CloudStub.NODE_PATH, status)));
    }

    /** In a path, some of these would name the pool itself, whose deletion takes all of its nodes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "../..",
                "%2e%2e",
                "a/b",
                "servers-3niq",
                " ",
                "478247f8-b1bb-4f7a-8db9-2a5f8d4b8f8f/.."
            })
    void sendsNothingForAnIdThatIsNoUuid(String id) {
        List<Deletion> deletions = cloud.provider().delete(List.of(id));

        assertThat(deletions).extracting(Deletion::instanceId).containsExactly(id);
        assertThat(deletions.get(0).error()).containsInstanceOf(ProviderException.InvalidRequest.class);
        assertThat(cloud.requests()).isEmpty();
    }

    @Test
    void triesNoFurtherNodeAfterARateLimit() {
        cloud.answer(
                "DELETE",
                CloudStub.NODE_PATH,
                cloud.json(429, "error-rate-limited").withHeader("retry-after", "29"));
        List<Deletion> deletions = cloud.provider().delete(List.of(CloudStub.NODE, CloudStub.SECOND_NODE));

        assertThat(deletions)
                .allSatisfy(deletion ->
                        assertThat(deletion.error()).containsInstanceOf(ProviderException.RateLimited.class));
        assertThat(deletions()).hasSize(1);
    }

    private List<String> deletions() {
        return cloud.requests().stream()
                .filter(request -> request.startsWith("DELETE"))
                .toList();
    }
}
