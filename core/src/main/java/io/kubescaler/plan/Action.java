package io.kubescaler.plan;

import java.util.Optional;

/** One thing that a pass decides to do. Each is safe to repeat. */
public sealed interface Action {
    /** Returns the kind of action as JSON documents and metrics spell it. */
    String type();

    /** Returns why. */
    Reason reason();

    /** Returns what it is done to: the node's name, the instance's id, or nothing for growing. */
    default String target() {
        return accept(new Visitor<>() {
            @Override
            public String uncordon(Uncordon action) {
                return action.node();
            }

            @Override
            public String grow(Grow action) {
                return "";
            }

            @Override
            public String cordon(Cordon action) {
                return action.node();
            }

            @Override
            public String delete(Delete action) {
                return action.node().orElse(action.instance());
            }
        });
    }

    /** Calls the method of the visitor that is for this kind of action. */
    <R> R accept(Visitor<R> visitor);

    /**
     * One method for each kind of action, so that the compiler finds the place that forgot one.
     *
     * @param <R> what comes of it
     */
    interface Visitor<R> {
        R uncordon(Uncordon action);

        R grow(Grow action);

        R cordon(Cordon action);

        R delete(Delete action);
    }

    /**
     * Take a node back that the scaler had set aside.
     *
     * @param node the node's name
     * @param instance the cloud's id of its machine
     */
    record Uncordon(String node, String instance, Reason reason) implements Action {
        @Override
        public String type() {
            return "uncordon";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.uncordon(this);
        }
    }

    /**
     * Ask the cloud for more nodes.
     *
     * @param from the size that was observed
     * @param to the size to ask for; above {@code from}
     */
    record Grow(int from, int to, Reason reason) implements Action {
        @Override
        public String type() {
            return "grow";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.grow(this);
        }
    }

    /**
     * Set a node aside: no new servers, deleted once empty.
     *
     * @param empty whether it has no server, so that the clock of its expiration starts at once
     */
    record Cordon(String node, boolean empty, Reason reason) implements Action {
        @Override
        public String type() {
            return "cordon";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.cordon(this);
        }
    }

    /**
     * Delete one machine, by its identity.
     *
     * @param instance the cloud's id of the machine
     * @param node its Kubernetes node; empty when it never got one
     */
    record Delete(String instance, Optional<String> node, Reason reason) implements Action {
        @Override
        public String type() {
            return "delete";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.delete(this);
        }
    }
}
