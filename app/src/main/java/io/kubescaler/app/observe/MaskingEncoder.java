package io.kubescaler.app.observe;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;

/**
 * Masks secrets in what another encoder wrote, wherever in the event they came from: message, arguments, key and value
 * pairs, thread name or stack trace.
 */
final class MaskingEncoder extends EncoderBase<ILoggingEvent> {
    private final Encoder<ILoggingEvent> encoder;
    private final SecretMask mask;

    MaskingEncoder(Encoder<ILoggingEvent> encoder, SecretMask mask) {
        this.encoder = encoder;
        this.mask = mask;
    }

    @Override
    public byte[] headerBytes() {
        return encoder.headerBytes();
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        byte[] bytes = encoder.encode(event);
        if (mask.isEmpty()) {
            return bytes;
        }
        return mask.mask(new String(bytes, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] footerBytes() {
        return encoder.footerBytes();
    }

    @Override
    public void start() {
        encoder.start();
        super.start();
    }

    @Override
    public void stop() {
        super.stop();
        encoder.stop();
    }
}
