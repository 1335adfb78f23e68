/** How results are written: tables for people, JSON documents for programs. */
@NullMarked
package io.kubescaler.app.output;

import org.jspecify.annotations.NullMarked;
