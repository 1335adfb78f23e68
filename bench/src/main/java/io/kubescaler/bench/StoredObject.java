package io.kubescaler.bench;

/** An object as an API server keeps it; written out only when somebody reads it. Immutable and thread-safe. */
public interface StoredObject {
    /** Returns the number by which it is listed. */
    int number();

    /** Returns the version that it was last changed at. */
    long version();

    /** Returns it with that version. */
    StoredObject at(long newVersion);

    /** Returns it as it goes over the wire. */
    String json();
}
