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
}
