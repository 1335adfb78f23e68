package io.kubescaler.kubernetes.client;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a client shows to the API server and what it trusts, as of one moment. Immutable.
 *
 * @param config what it was read from
 * @param token the bearer token; empty where there is none, and where an exec plug-in or OIDC gives it
 * @param tls the certificates
 * @param files every file that this came from
 */
record Credentials(Config config, Optional<String> token, TlsMaterial tls, List<Path> files) {
    Credentials {
        files = List.copyOf(files);
    }

    /**
     * Reads what a configuration names.
     *
     * @param sources the files that the configuration itself came from
     * @param tokenFile the file of the token, where it is not a kubeconfig that says so
     * @throws IOException when a token file, certificate or key cannot be used
     */
    static Credentials of(Config config, List<Path> sources, Optional<Path> tokenFile) throws IOException {
        Optional<AuthInfo> user = user(config);
        Optional<Path> named = tokenFile.or(() -> user.map(AuthInfo::getTokenFile)
                .filter(name -> !name.isBlank())
                .map(name -> fileOf(config).resolveSibling(name)));
        List<Path> files = new ArrayList<>(sources);
        Stream.of(config.getCaCertFile(), config.getClientCertFile(), config.getClientKeyFile())
                .filter(Objects::nonNull)
                .map(Path::of)
                .forEach(files::add);
        named.ifPresent(files::add);
        return new Credentials(config, token(config, user, named), TlsMaterial.of(config), files);
    }

    private static Optional<String> token(Config config, Optional<AuthInfo> user, Optional<Path> file)
            throws IOException {
        if (file.isPresent()) {
            String text = Files.readString(file.get()).strip();
            if (text.isEmpty()) {
                throw new IOException("the token file %s is empty".formatted(file.get()));
            }
            return Optional.of(text);
        }
        boolean made = config.getAuthProvider() != null
                || user.filter(it -> it.getExec() != null).isPresent();
        return made ? Optional.empty() : Optional.ofNullable(nonBlank(config.getAutoOAuthToken()));
    }

    private static Path fileOf(Config config) {
        return Objects.requireNonNull(config.getFileWithAuthInfo()).toPath().toAbsolutePath();
    }

    // fabric8 knows no token files
    private static Optional<AuthInfo> user(Config config) throws IOException {
        File file = config.getFileWithAuthInfo();
        if (file == null || config.getCurrentContext() == null) {
            return Optional.empty();
        }
        String name = config.getCurrentContext().getContext().getUser();
        return KubeConfigUtils.parseConfig(file).getUsers().stream()
                .filter(user -> user.getName().equals(name))
                .map(NamedAuthInfo::getUser)
                .findFirst();
    }

    private static @Nullable String nonBlank(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }

    /** Tells nothing of what it holds. */
    @Override
    public String toString() {
        return "Credentials" + files;
    }
}
