package io.kubescaler.simulated;

import io.kubescaler.model.Instance;

/** Is told what becomes of the machines of a simulated cloud. Called while the simulation stands still. */
public interface MachineListener {
    /** A machine has come up. */
    void up(Instance machine);

    /** A machine is gone for good; it may never have come up. */
    void gone(Instance machine);
}
