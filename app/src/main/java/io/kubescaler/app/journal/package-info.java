/** Where the notes of pools are kept: their form, and a file for a scaler without a lease. */
@NullMarked
package io.kubescaler.app.journal;

import org.jspecify.annotations.NullMarked;
