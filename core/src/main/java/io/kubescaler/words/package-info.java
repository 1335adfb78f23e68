/** What messages are made with. Plug-ins do not see it. Depends on the JDK only. */
@NullMarked
package io.kubescaler.words;

import org.jspecify.annotations.NullMarked;
