package io.kubescaler.kubernetes.objects;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** JSON for tests, written with single quotes. */
public final class JsonText {
    private JsonText() {}

    public static String json(String singleQuoted) {
        return singleQuoted.replace('\'', '"');
    }

    public static InputStream stream(String json) {
        return new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8));
    }

    public static <T> Observed<T> read(ObjectReader<T> reader, String singleQuoted) throws IOException {
        return new ListReader<>(reader).readObject(stream(json(singleQuoted)));
    }
}
