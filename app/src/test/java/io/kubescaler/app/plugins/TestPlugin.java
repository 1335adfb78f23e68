package io.kubescaler.app.plugins;

/**
 * The source of a plug-in's factory, with the parts that tests vary.
 *
 * @param className the class, with its package
 * @param nameExpression what {@code name()} returns, in Java
 * @param constructor the body of the constructor, in Java
 */
record TestPlugin(String className, String nameExpression, String constructor) {
    static TestPlugin named(String className, String provider) {
        return new TestPlugin(className, '"' + provider + '"', "");
    }

    TestPlugin nameExpression(String expression) {
        return new TestPlugin(className, expression, constructor);
    }

    TestPlugin constructor(String body) {
        return new TestPlugin(className, nameExpression, body);
    }

    String source() {
        int dot = className.lastIndexOf('.');
        return """
                package %s;

                import io.kubescaler.provider.*;
                import java.util.List;

                public class %s implements NodePoolProviderFactory {
                    public %2$s() { %s }
                    public String name() { return %s; }
                    public String description() { return "a test cloud"; }
                    public List<Setting> settings() { return List.of(); }
                    public List<Problem> validate(ProviderContext context) { return List.of(); }
                    public NodePoolProvider create(ProviderContext context) {
                        throw new UnsupportedOperationException("not in this test");
                    }
                }
                """.formatted(className.substring(0, dot), className.substring(dot + 1), constructor, nameExpression);
    }
}
