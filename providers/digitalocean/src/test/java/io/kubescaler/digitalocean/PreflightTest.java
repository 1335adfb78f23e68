package io.kubescaler.digitalocean;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.provider.Finding;
import io.kubescaler.provider.Finding.Severity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PreflightTest {
    private final CloudStub cloud = new CloudStub();

    @AfterEach
    void close() {
        cloud.close();
    }

    @Test
    void looksAtEverythingAndOnlyReads() {
        List<Finding> findings = cloud.provider().preflight(10);

        assertThat(findings).extracting(Finding::severity).containsOnly(Severity.OK);
        assertThat(findings)
                .extracting(Finding::what)
                .containsExactly(
                        "token", "cluster", "node pool", "auto-scaling", "size", "droplet limit", "rate limit");
        assertThat(finding(findings, "token").message()).contains("kubernetes:read", "kubernetes:update");
        assertThat(finding(findings, "rate limit").message()).contains("4816 of 5000");
        assertThat(cloud.requests()).allMatch(request -> request.startsWith("GET "));
    }

    @Test
    void findsATokenThatIsRefused() {
        cloud.answerEverything(cloud.json(401, "error-unauthorized"));
        List<Finding> findings = cloud.provider().preflight(10);

        assertThat(finding(findings, "token").severity()).isEqualTo(Severity.ERROR);
        assertThat(finding(findings, "token").message()).contains("Unable to authenticate you.");
    }

    @Test
    void findsAClusterThatIsMissing() {
        List<Finding> findings =
                cloud.provider(cloud.context("prodution", Map.of())).preflight(10);

        assertThat(finding(findings, "cluster").severity()).isEqualTo(Severity.ERROR);
        assertThat(finding(findings, "cluster").message()).contains("'production', 'staging'");
    }

    @Test
    void findsAPoolThatIsMissing() {
        cloud.answer("GET", CloudStub.POOLS_PATH, cloud.json(200, "pools-other"));
        List<Finding> findings = cloud.provider().preflight(10);

        assertThat(finding(findings, "cluster").severity()).isEqualTo(Severity.OK);
        assertThat(finding(findings, "node pool").severity()).isEqualTo(Severity.ERROR);
        assertThat(finding(findings, "node pool").message()).contains("'system'");
    }

    @Test
    void findsAClusterThatIsNotWell() {
        cloud.answer("GET", CloudStub.CLUSTERS_PATH, cloud.json(200, "clusters-degraded"));

        assertThat(finding(cloud.provider().preflight(10), "cluster"))
                .isEqualTo(Finding.warning(
                        "cluster", "'production' found, " + CloudStub.CLUSTER + "; DigitalOcean says it is degraded"));
    }

    @Test
    void findsAPoolThatTheCloudScalesToo() {
        cloud.answer("GET", CloudStub.POOLS_PATH, cloud.json(200, "pools-auto-scale"));
        Finding finding = finding(cloud.provider().preflight(10), "auto-scaling");

        assertThat(finding.severity()).isEqualTo(Severity.ERROR);
        assertThat(finding.message()).contains("--auto-scale=false");
    }

    @Test
    void findsAPoolLargerThanTheMaximum() {
        Finding finding = finding(cloud.provider().preflight(2), "size");

        assertThat(finding.severity()).isEqualTo(Severity.WARNING);
        assertThat(finding.message()).contains("3 nodes", "maximum is 2");
    }

    @Test
    void findsTooLittleRoomBelowTheDropletLimit() {
        // 25 allowed, 8 elsewhere
        Finding finding = finding(cloud.provider().preflight(18), "droplet limit");

        assertThat(finding.severity()).isEqualTo(Severity.WARNING);
        assertThat(finding.message()).contains("25 Droplets", "leaves the pool 17", "maximum of 18");
        assertThat(finding(cloud.provider().preflight(17), "droplet limit").severity())
                .isEqualTo(Severity.OK);
    }

    @Test
    void findsADropletLimitBelowTheMaximumEvenWhenDropletsCannotBeCounted() {
        cloud.answer("GET", CloudStub.DROPLETS_PATH, cloud.json(403, "error-forbidden"));

        assertThat(finding(cloud.provider().preflight(26), "droplet limit").severity())
                .isEqualTo(Severity.WARNING);
        Finding unknown = finding(cloud.provider().preflight(10), "droplet limit");
        assertThat(unknown.severity()).isEqualTo(Severity.WARNING);
        assertThat(unknown.message()).contains("droplet:read", "You do not have access");
    }

    @Test
    void findsALockedAccountAndALimitThatIsNotTold() {
        cloud.answer("GET", CloudStub.ACCOUNT_PATH, cloud.json(200, "account-locked"));
        List<Finding> findings = cloud.provider().preflight(10);

        assertThat(finding(findings, "account")).isEqualTo(Finding.error("account", "is locked: the bill is not paid"));
        assertThat(finding(findings, "droplet limit").severity()).isEqualTo(Severity.WARNING);
    }

    @Test
    void warnsWhenSomethingElseUsesUpTheToken() {
        cloud.answer(
                "GET",
                CloudStub.DROPLETS_PATH,
                aResponse()
                        .withHeader("ratelimit-limit", "5000")
                        .withHeader("ratelimit-remaining", "499")
                        .withBody(CloudStub.body("droplets")));

        assertThat(finding(cloud.provider().preflight(10), "rate limit").severity())
                .isEqualTo(Severity.WARNING);
    }

    private static Finding finding(List<Finding> findings, String what) {
        return findings.stream()
                .filter(finding -> finding.what().equals(what))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no finding on " + what + " in " + findings));
    }
}
