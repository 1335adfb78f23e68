package io.kubescaler.kubernetes.client;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How to reach the cluster. With neither set: in the cluster, by its service account; else by the default
 * kubeconfig.
 *
 * @param masterUrl {@code cluster-kube-config-master-url}
 * @param kubeConfigPath {@code cluster-kube-config-path}
 * @param context {@code cluster-kube-config-context}: the context in the kubeconfig; empty for its current one
 */
public record KubernetesSettings(Optional<String> masterUrl, Optional<Path> kubeConfigPath, Optional<String> context) {}
