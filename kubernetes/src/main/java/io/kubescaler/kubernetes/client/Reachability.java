package io.kubescaler.kubernetes.client;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** Finds out whether the API server answers, and when it does not, says what to look at. */
public final class Reachability {
    private Reachability() {}

    /**
     * Asks the API server for its version.
     *
     * @return the version, such as {@code v1.36.3}
     * @throws ConnectionException when it does not answer, or not to these credentials
     */
    public static String versionOf(KubernetesClient client) throws ConnectionException {
        try {
            return client.getKubernetesVersion().getGitVersion();
        } catch (KubernetesClientException failure) {
            throw new ConnectionException(
                    "the cluster at " + client.getMasterUrl() + " cannot be reached: " + ApiErrors.describe(failure)
                            + "; " + remedy(failure),
                    failure);
        }
    }

    private static String remedy(KubernetesClientException failure) {
        if (failure.getCode() == 401) {
            return "its credentials are refused: log in again, or check the token or exec plug-in of the kubeconfig";
        }
        if (failure.getCode() > 0) {
            return "check that this is the address of a Kubernetes API server, and what stands in front of it";
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException) {
                return "check the host name in the kubeconfig or in cluster-kube-config-master-url";
            }
            if (cause instanceof SSLException) {
                return "check the certificate authority in the kubeconfig, and that the address is one that the API"
                        + " server's certificate names";
            }
            if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
                return "check that the API server runs and that its address and port are right";
            }
            if (cause instanceof SocketTimeoutException) {
                return "check the network and the firewalls between here and the API server";
            }
        }
        return "check the network and the address in the kubeconfig or in cluster-kube-config-master-url";
    }
}
