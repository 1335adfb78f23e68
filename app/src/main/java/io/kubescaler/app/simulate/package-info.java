/** {@code simulate}: replays a trace of servers against policies, on virtual time, with the production controller. */
@NullMarked
package io.kubescaler.app.simulate;

import org.jspecify.annotations.NullMarked;
