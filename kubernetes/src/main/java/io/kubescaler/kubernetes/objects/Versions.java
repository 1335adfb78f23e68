package io.kubescaler.kubernetes.objects;

/** Compares resource versions. Since Kubernetes 1.35 they are promised to be decimal numbers that grow. Stateless. */
public final class Versions {
    private Versions() {}

    /** Returns below 0 when the first is older, 0 when they are equal or cannot be compared, above 0 when newer. */
    public static int compare(String one, String other) {
        if (!isNumber(one) || !isNumber(other)) {
            return 0;
        }
        int byLength = Integer.compare(one.length(), other.length());
        return byLength != 0 ? byLength : one.compareTo(other);
    }

    private static boolean isNumber(String version) {
        return !version.isEmpty()
                && version.chars().allMatch(c -> c >= '0' && c <= '9')
                && (version.length() == 1 || version.charAt(0) != '0');
    }
}
