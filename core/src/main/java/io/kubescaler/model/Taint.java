package io.kubescaler.model;

/**
 * A taint of a node, as in {@code spec.taints}: pods that do not tolerate it are kept out. Immutable and thread-safe.
 *
 * @param key its key
 * @param value its value; empty when it has none
 * @param effect what becomes of pods that do not tolerate it, as Kubernetes spells it
 */
public record Taint(String key, String value, String effect) {
    /** Effect: a pod that does not tolerate it is not placed on the node. */
    public static final String NO_SCHEDULE = "NoSchedule";

    /** Effect: a pod that does not tolerate it is neither placed on the node nor stays there. */
    public static final String NO_EXECUTE = "NoExecute";

    /** Returns a taint without a value that keeps pods out. */
    public static Taint noSchedule(String key) {
        return new Taint(key, "", NO_SCHEDULE);
    }

    /**
     * Returns whether the scheduler keeps pods out for it: {@code PreferNoSchedule} is a wish and keeps none. Mirrors
     * {@code DoNotScheduleTaintsFilterFunc} of the kube-scheduler.
     */
    public boolean keepsPodsOut() {
        return effect.equals(NO_SCHEDULE) || effect.equals(NO_EXECUTE);
    }

    /** Returns the taint as {@code kubectl} shows it, such as {@code dedicated=gpu:NoSchedule}. */
    @Override
    public String toString() {
        return key + (value.isEmpty() ? "" : "=" + value) + (effect.isEmpty() ? "" : ":" + effect);
    }
}
