package io.kubescaler.app.observe;

import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.slf4j.event.KeyValuePair;

/**
 * Writes one JSON object a line, as Logback does, with the pairs of an event as one object {@code fields}. Logback would
 * write a list with an object for each pair, which nobody can search by its keys.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {
    private final JsonEncoder encoder = new JsonEncoder();

    JsonLines() {
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithContext(false);
        // the message as it reads, instead of the pattern and its arguments
        encoder.setWithFormattedMessage(true);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithKVPList(false);
    }

    @Override
    public byte[] headerBytes() {
        return encoder.headerBytes();
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        byte[] line = encoder.encode(event);
        if (event.getKeyValuePairs() == null || event.getKeyValuePairs().isEmpty()) {
            return line;
        }
        String text = new String(line, StandardCharsets.UTF_8);
        int end = text.lastIndexOf('}');
        return (text.substring(0, end) + ",\"fields\":" + fields(event) + text.substring(end))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode fields(ILoggingEvent event) {
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        for (KeyValuePair pair : event.getKeyValuePairs()) {
            fields.put(pair.key, String.valueOf(pair.value));
        }
        return fields;
    }

    @Override
    public byte[] footerBytes() {
        return encoder.footerBytes();
    }

    @Override
    public void start() {
        encoder.setContext(getContext());
        encoder.start();
        super.start();
    }

    @Override
    public void stop() {
        super.stop();
        encoder.stop();
    }
}
