package io.kubescaler.digitalocean;

import io.kubescaler.provider.NodePoolProviderFactory.Problem;
import io.kubescaler.provider.Setting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/**
 * The provider's own settings, checked. Immutable and thread-safe.
 *
 * @param apiUrl scheme, host and port of the API
 * @param connectTimeout the longest that opening a connection may take
 * @param readTimeout the longest silence while an answer is read
 * @param writeTimeout the longest standstill while a request is sent
 * @param requestTimeout the longest that one request may take, from its name look-up to the last byte of its answer
 * @param requestsPerMinute the most requests in any minute with one token
 * @param requestsPerHour the most requests in any hour with one token
 * @param skipDrain whether a node is deleted without evicting the pods on it first
 */
record DigitalOceanSettings(
        HttpUrl apiUrl,
        Duration connectTimeout,
        Duration readTimeout,
        Duration writeTimeout,
        Duration requestTimeout,
        int requestsPerMinute,
        int requestsPerHour,
        boolean skipDrain) {
    static final String API_URL = "api-url";
    static final String CONNECT_TIMEOUT = "connect-timeout";
    static final String READ_TIMEOUT = "read-timeout";
    static final String WRITE_TIMEOUT = "write-timeout";
    static final String REQUEST_TIMEOUT = "request-timeout";
    static final String REQUESTS_PER_MINUTE = "requests-per-minute";
    static final String REQUESTS_PER_HOUR = "requests-per-hour";
    static final String SKIP_DRAIN = "skip-drain";

    /** The longest that one call of the provider takes, all requests and their repetitions together. */
    static final Duration LONGEST_CALL = Duration.ofSeconds(25);

    /** The account's own limits, documented by the cloud, for one token. */
    private static final int ACCOUNT_PER_MINUTE = 250;

    private static final int ACCOUNT_PER_HOUR = 5000;
    private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(100);

    /** Every setting with its default. */
    static final List<Setting> DECLARED = List.of(
            Setting.withDefault(
                    API_URL,
                    "https://api.digitalocean.com",
                    "Where the API is: scheme, host and port; https, or http on a loopback host."),
            Setting.withDefault(CONNECT_TIMEOUT, "5s", "The longest that opening a connection may take; 100ms to 25s."),
            Setting.withDefault(READ_TIMEOUT, "5s", "The longest silence while an answer is read; 100ms to 25s."),
            Setting.withDefault(WRITE_TIMEOUT, "5s", "The longest standstill while a request is sent; 100ms to 25s."),
            Setting.withDefault(
                    REQUEST_TIMEOUT,
                    "5s",
                    "The longest that one request may take as a whole; 100ms to 25s, and with leader election not more"
                            + " than the lease leaves for a last change (6s by default)."),
            Setting.withDefault(
                    REQUESTS_PER_MINUTE,
                    "200",
                    "The most requests in any minute, by all pools with the same token together; 1 to 250."),
            Setting.withDefault(
                    REQUESTS_PER_HOUR,
                    "4500",
                    "The most requests in any hour, by all pools with the same token together; 1 to 5000."),
            Setting.withDefault(
                    SKIP_DRAIN,
                    "false",
                    "Whether a node without servers is deleted at once (true) or after what else runs on it was evicted"
                            + " (false)."));

    /**
     * Reads the settings.
     *
     * @param values the values by key; a key that is missing has its default
     * @param longestWrite the longest that a request which changes something may take; empty for no limit
     * @param problems where every problem is added; the result is empty when there is any
     */
    static Optional<DigitalOceanSettings> read(
            Map<String, String> values, Optional<Duration> longestWrite, List<Problem> problems) {
        Reader reader = new Reader(values, problems);
        Optional<HttpUrl> apiUrl = reader.read(API_URL, DigitalOceanSettings::apiUrl, apiUrlRule());
        Optional<Duration> connect = reader.timeout(CONNECT_TIMEOUT);
        Optional<Duration> read = reader.timeout(READ_TIMEOUT);
        Optional<Duration> write = reader.timeout(WRITE_TIMEOUT);
        Optional<Duration> request = reader.timeout(REQUEST_TIMEOUT);
        longestWrite
                .filter(longest -> request.isPresent() && request.get().compareTo(longest) > 0)
                .ifPresent(longest -> problems.add(outlastsTheLease(request.orElseThrow(), longest)));
        Optional<Integer> perMinute = reader.number(REQUESTS_PER_MINUTE, ACCOUNT_PER_MINUTE);
        Optional<Integer> perHour = reader.number(REQUESTS_PER_HOUR, ACCOUNT_PER_HOUR);
        Optional<Boolean> skipDrain = reader.read(SKIP_DRAIN, DigitalOceanSettings::truth, "must be true or false");
        if (apiUrl.isEmpty()
                || connect.isEmpty()
                || read.isEmpty()
                || write.isEmpty()
                || request.isEmpty()
                || perMinute.isEmpty()
                || perHour.isEmpty()
                || skipDrain.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new DigitalOceanSettings(
                apiUrl.get(),
                connect.get(),
                read.get(),
                write.get(),
                request.get(),
                perMinute.get(),
                perHour.get(),
                skipDrain.get()));
    }

    private static Problem outlastsTheLease(Duration request, Duration longest) {
        return new Problem(
                REQUEST_TIMEOUT,
                "%s is %d ms; it must be at most %d ms, which is what the lease leaves for a last change: lower it, or raise"
                                .formatted(REQUEST_TIMEOUT, request.toMillis(), longest.toMillis())
                        + " leader-election.lease-duration");
    }

    private static String apiUrlRule() {
        return "must be scheme, host and port alone, such as https://api.digitalocean.com, and https unless the host is"
                + " a loopback one (localhost, 127.0.0.1, [::1])";
    }

    private static Optional<HttpUrl> apiUrl(String text) {
        return Optional.ofNullable(HttpUrl.parse(text))
                .filter(url -> url.encodedPath().equals("/") && url.query() == null && url.fragment() == null)
                .filter(url -> url.username().isEmpty() && url.password().isEmpty())
                .filter(url -> url.isHttps() || isLoopback(url.host()));
    }

    /** By its spelling, since a name may come to mean another address after the check. */
    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.equals("::1") || host.matches("127(\\.\\d{1,3}){3}");
    }

    private static Optional<Boolean> truth(String text) {
        return switch (text) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    private record Reader(Map<String, String> values, List<Problem> problems) {
        private static final Pattern DURATION =
                Pattern.compile("(\\d{1,9})\\s*(ms|millis|milliseconds?|s|seconds?|m|minutes?)");

        <T> Optional<T> read(String key, Function<String, Optional<T>> parse, String rule) {
            String text = values.getOrDefault(key, defaultOf(key)).strip();
            Optional<T> value = parse.apply(text);
            if (value.isEmpty()) {
                // an address may carry a password, which must not be shown
                String shown = text.contains("@") ? "***" : text;
                problems.add(new Problem(key, "%s is '%s'; it %s".formatted(key, shown, rule)));
            }
            return value;
        }

        Optional<Duration> timeout(String key) {
            return read(
                    key,
                    text -> duration(text)
                            .filter(value ->
                                    value.compareTo(SHORTEST_TIMEOUT) >= 0 && value.compareTo(LONGEST_CALL) <= 0),
                    "must be a duration with its unit (ms, s or m) between 100ms and %ds, such as 10s"
                            .formatted(LONGEST_CALL.toSeconds()));
        }

        Optional<Integer> number(String key, int most) {
            return read(
                    key,
                    text -> text.matches("\\d{1,9}")
                            ? Optional.of(Integer.parseInt(text)).filter(value -> value >= 1 && value <= most)
                            : Optional.empty(),
                    "must be a whole number between 1 and %d, the account's own limit".formatted(most));
        }

        private static Optional<Duration> duration(String text) {
            Matcher matcher = DURATION.matcher(text);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            long amount = Long.parseLong(matcher.group(1));
            String unit = matcher.group(2);
            if (unit.startsWith("ms") || unit.startsWith("milli")) {
                return Optional.of(Duration.ofMillis(amount));
            }
            return Optional.of(unit.startsWith("s") ? Duration.ofSeconds(amount) : Duration.ofMinutes(amount));
        }

        private static String defaultOf(String key) {
            return DECLARED.stream()
                    .filter(setting -> setting.key().equals(key))
                    .findFirst()
                    .flatMap(Setting::defaultValue)
                    .orElse("");
        }
    }
}
