package io.kubescaler.model;

/** Puts numbers of things into words, one of them in the singular. */
public final class Count {
    private Count() {}

    /** Returns a number of things, such as {@code 1 node} or {@code 2 nodes}; the noun takes an s in the plural. */
    public static String of(long number, String noun) {
        return of(number, noun, noun + "s");
    }

    /** Returns a number and what follows it, such as {@code 1 node takes} or {@code 2 nodes take}. */
    public static String of(long number, String one, String several) {
        return number + " " + (number == 1 ? one : several);
    }

    /** Returns a number of things and the verb, such as {@code 1 slot is} or {@code 2 slots are}. */
    public static String are(long number, String noun) {
        return of(number, noun + " is", noun + "s are");
    }

    /** Returns a number and the verb, such as {@code 1 is} or {@code 2 are}, of things that were named before. */
    public static String are(long number) {
        return of(number, "is", "are");
    }
}
