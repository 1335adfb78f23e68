package io.kubescaler.testing.cluster;

import java.time.Instant;

/**
 * A request that the stand-in of the cloud received and what it answered.
 *
 * @param at when it came
 * @param token the token that it came with; empty when it had none
 * @param method HTTP method
 * @param path path and query
 * @param requestBody body of the request; empty when it had none
 * @param status HTTP status of the answer; 0 when the connection was cut
 * @param answer body of the answer
 */
public record Exchange(
        Instant at, String token, String method, String path, String requestBody, int status, String answer) {}
