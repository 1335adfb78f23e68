package io.kubescaler.app.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code plan} with files of any bytes makes a plan or refuses them: the nodes, the pods and, where there is a third
 * part, the instances, with a line of three hyphens between them.
 */
public final class PlanFuzz {
    private static final byte[] SEPARATOR = "\n---\n".getBytes(StandardCharsets.UTF_8);
    private static final List<String> NAMES = List.of("nodes", "pods", "instances");

    private PlanFuzz() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        List<byte[]> parts = parts(input);
        List<Path> files = new ArrayList<>();
        try {
            List<String> arguments = new ArrayList<>(List.of("plan"));
            for (int i = 0; i < parts.size(); i++) {
                Path file = Files.createTempFile(NAMES.get(i), ".json");
                files.add(file);
                Files.write(file, parts.get(i));
                arguments.add("--" + NAMES.get(i));
                arguments.add(file.toString());
            }
            for (String output : List.of("text", "json")) {
                List<String> all = new ArrayList<>(arguments);
                all.addAll(List.of("--output", output));
                check(Invocation.of(Invocation.ENOUGH, all.toArray(String[]::new)));
            }
        } finally {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    private static void check(Invocation invocation) {
        boolean stackTrace =
                invocation.err().contains("\tat ") || invocation.err().contains("Exception");
        if ((invocation.status() != 0 && invocation.status() != 2) || stackTrace) {
            throw new AssertionError("status %d: %s".formatted(invocation.status(), invocation.err()));
        }
        if ((invocation.out() + invocation.err()).contains(Invocation.ENOUGH.get("CLOUD_PROVIDER_TOKEN"))) {
            throw new AssertionError("it shows the token");
        }
    }

    private static List<byte[]> parts(byte[] input) {
        List<byte[]> parts = new ArrayList<>();
        ByteArrayOutputStream part = new ByteArrayOutputStream();
        for (int i = 0; i < input.length; i++) {
            if (parts.size() < NAMES.size() - 1 && startsAt(input, i)) {
                parts.add(part.toByteArray());
                part.reset();
                i += SEPARATOR.length - 1;
            } else {
                part.write(input[i]);
            }
        }
        parts.add(part.toByteArray());
        while (parts.size() < 2) {
            parts.add(new byte[0]);
        }
        return parts;
    }

    private static boolean startsAt(byte[] input, int index) {
        for (int i = 0; i < SEPARATOR.length; i++) {
            if (index + i >= input.length || input[index + i] != SEPARATOR[i]) {
                return false;
            }
        }
        return true;
    }
}
