package io.kubescaler.app.config;

/** What a configuration is read for, which decides what must be in it. */
public enum Purpose {
    /** To scale: everything. */
    SCALE,
    /** To plan from the live cluster and cloud: nothing that only acting needs, such as a Lease. */
    PLAN_LIVE,
    /** To plan from files: nothing that only the cloud needs, such as its token or the names of cluster and pool. */
    PLAN
}
