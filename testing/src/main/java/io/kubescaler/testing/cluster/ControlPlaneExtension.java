package io.kubescaler.testing.cluster;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Keeps the one control plane of a test JVM in JUnit's root store, which closes it after the last test. */
final class ControlPlaneExtension
        implements ExecutionCondition, BeforeAllCallback, AfterEachCallback, ParameterResolver {
    static final String REQUIRED = "KUBESCALER_REQUIRE_ITS";
    private static final String SKIPPED = "skipped";

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        KubernetesBinaries binaries = KubernetesBinaries.ofEnvironment(System.getenv());
        if (binaries.present()) {
            return ConditionEvaluationResult.enabled("found " + binaries.directory());
        }
        String reason = "Integration tests skipped: no Kubernetes binaries in %s; build them with .ci/kubernetes/build"
                .formatted(binaries.directory());
        if (Boolean.parseBoolean(System.getenv(REQUIRED))) {
            return ConditionEvaluationResult.enabled(REQUIRED + " is true, so that this fails instead: " + reason);
        }
        return ConditionEvaluationResult.disabled(said(context, reason));
    }

    private static String said(ExtensionContext context, String reason) {
        return store(context)
                .getOrComputeIfAbsent(
                        SKIPPED,
                        key -> {
                            // Surefire's console shows no reasons for skips; once is enough for all classes
                            System.out.println(reason);
                            return reason;
                        },
                        String.class);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        controlPlane(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        controlPlane(context).clean();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == ControlPlane.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return controlPlane(context);
    }

    private static ControlPlane controlPlane(ExtensionContext context) {
        return store(context)
                .getOrComputeIfAbsent(
                        ControlPlane.class,
                        key -> ControlPlane.start(KubernetesBinaries.ofEnvironment(System.getenv())),
                        ControlPlane.class);
    }

    private static Store store(ExtensionContext context) {
        return context.getRoot().getStore(ExtensionContext.Namespace.create(ControlPlaneExtension.class));
    }
}
