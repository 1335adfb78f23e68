/** The contract between the scaler and a cloud: what a provider plug-in implements. See {@code docs/writing-a-provider.md}. */
@NullMarked
package io.kubescaler.provider;

import org.jspecify.annotations.NullMarked;
