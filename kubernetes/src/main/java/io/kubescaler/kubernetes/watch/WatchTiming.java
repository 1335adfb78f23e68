package io.kubescaler.kubernetes.watch;

import java.time.Duration;

/**
 * The times of watching a cluster. Immutable and thread-safe.
 *
 * @param page how long one page of a list may take, and how long the server may take to begin a watch
 * @param silence how long a watch may tell of nothing before it is taken for dead. An API server sends a bookmark each
 *     minute; over HTTP/2, the client's pings find a dead connection much sooner
 * @param freshness how old the last event, bookmark or list may be for a pass to act on what was watched; above {@code
 *     silence}, or a dead watch could not be replaced in time. A pass acts for 30 s: with the 90 s of production, on
 *     nothing that is older than two minutes
 * @param watch after how long the server is asked to end a watch, half as long again at random
 * @param firstBackoff the pause after the first failure; doubled by each further one, less up to a half at random
 * @param longestBackoff the longest pause, unless the server asks for a longer one
 */
public record WatchTiming(
        Duration page,
        Duration silence,
        Duration freshness,
        Duration watch,
        Duration firstBackoff,
        Duration longestBackoff) {
    /** The times for production. */
    public static final WatchTiming DEFAULT = new WatchTiming(
            Duration.ofSeconds(30),
            Duration.ofSeconds(75),
            Duration.ofSeconds(90),
            Duration.ofMinutes(5),
            Duration.ofMillis(100),
            Duration.ofSeconds(30));
}
