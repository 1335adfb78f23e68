package io.kubescaler.app.config;

import java.util.regex.Pattern;

/**
 * Checks names against the syntax of the Kubernetes API ({@code k8s.io/apimachinery/pkg/util/validation}). Each method
 * returns the text, or refuses it with a clause that says what would be right.
 */
final class Labels {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final int LONGEST_SUBDOMAIN = 253;

    private Labels() {}

    /** A label or taint key: a name of up to 63 characters, after a DNS name and a slash if it has a prefix. */
    static String key(String text) {
        int slash = text.indexOf('/');
        boolean prefixed = slash < 0 || isSubdomain(text.substring(0, slash));
        if (!prefixed || !NAME.matcher(text.substring(slash + 1)).matches()) {
            throw new IllegalArgumentException(
                    "is no label name; write up to 63 letters, digits, '-', '_' and '.', after"
                            + " a DNS name and '/' if it has a prefix, such as app or example.com/app");
        }
        return text;
    }

    /** A label value that is not empty. */
    static String value(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "is no label value; write up to 63 letters, digits, '-', '_' and '.', with a"
                            + " letter or digit first and last");
        }
        return text;
    }

    /** The name of an object such as a Lease. */
    static String subdomain(String text) {
        if (!isSubdomain(text)) {
            throw new IllegalArgumentException(
                    "is no name of an object; write lower case letters, digits, '-' and '.'");
        }
        return text;
    }

    /** The name of a namespace. */
    static String namespace(String text) {
        if (!DNS_LABEL.matcher(text).matches()) {
            throw new IllegalArgumentException("is no namespace; write up to 63 lower case letters, digits and '-'");
        }
        return text;
    }

    private static boolean isSubdomain(String text) {
        return text.length() <= LONGEST_SUBDOMAIN && SUBDOMAIN.matcher(text).matches();
    }
}
