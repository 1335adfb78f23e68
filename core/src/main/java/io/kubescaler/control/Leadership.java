package io.kubescaler.control;

/** Says whether this process may act. Safe for use by several threads. */
public interface Leadership {
    /** Leadership without a lease: always. For a cluster where nobody else can be acting. */
    Leadership ALWAYS = () -> true;

    /**
     * Returns whether this process holds the lease now and will go on holding it for long enough to finish one bounded
     * request. Asked right before every single write; reads memory, asks nobody.
     */
    boolean mayAct();

    /**
     * Returns what tells the present term of leadership from earlier ones: it differs from a term before when another
     * process may have acted since. Always the same without a lease. Reads memory, asks nobody.
     */
    default String term() {
        return "";
    }
}
