package io.kubescaler.kubernetes;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** JSON for tests, written with single quotes. */
final class JsonText {
    private JsonText() {}

    static String json(String singleQuoted) {
        return singleQuoted.replace('\'', '"');
    }

    static InputStream stream(String json) {
        return new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8));
    }

    static <T> Observed<T> read(ObjectReader<T> reader, String singleQuoted) throws IOException {
        return new ListReader<>(reader).readObject(stream(json(singleQuoted)));
    }
}
