package io.kubescaler.app.config;

import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.NodePoolProviderFactory;
import io.kubescaler.provider.ProviderContext;
import io.kubescaler.provider.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A cloud that needs a token, has settings of each kind, and makes nothing. */
final class FakeProviderFactory implements NodePoolProviderFactory {
    @Override
    public String name() {
        return "fake";
    }

    @Override
    public String description() {
        return "A cloud of the tests.";
    }

    @Override
    public List<Setting> settings() {
        return List.of(
                Setting.withDefault("api-url", "https://fake.example", "Where it is."),
                Setting.optional("region", "Which part of it."),
                new Setting("second-secret", "Another secret.", Optional.empty(), false, true));
    }

    @Override
    public List<Problem> validate(ProviderContext context) {
        List<Problem> problems = new ArrayList<>();
        if (context.token().isEmpty()) {
            problems.add(new Problem("cloud-provider-token", "is missing; the cloud gives it under Access Tokens"));
        }
        if ("mars".equals(context.settings().get("region"))) {
            problems.add(new Problem(
                    "region",
                    "is mars (asked with %s), where there is no cloud; use earth"
                            .formatted(context.settings().get("second-secret"))));
        }
        if ("slow".equals(context.settings().get("region"))
                && context.longestWrite().isPresent()) {
            problems.add(new Problem(
                    "region",
                    "is slow, where a request may outlast %s"
                            .formatted(context.longestWrite().get())));
        }
        if ("boom".equals(context.settings().get("region"))) {
            throw new IllegalStateException("a fault of the plug-in");
        }
        return problems;
    }

    @Override
    public NodePoolProvider create(ProviderContext context) {
        throw new UnsupportedOperationException("the tests of the configuration make no provider");
    }
}
