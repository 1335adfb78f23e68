package com.example.filecloud;

import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.NodePoolProviderFactory;
import io.kubescaler.provider.ProviderContext;
import io.kubescaler.provider.Setting;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Makes providers whose cloud is a properties file: {@code cloud-provider = filecloud}. */
public final class FileCloudFactory implements NodePoolProviderFactory {
    static final String FILE = "file";
    static final String BOOT_SECONDS = "boot-seconds";

    @Override
    public String name() {
        return "filecloud";
    }

    @Override
    public String description() {
        return "A node pool kept in a properties file: an example of a plug-in.";
    }

    @Override
    public List<Setting> settings() {
        return List.of(
                Setting.required(FILE, "The properties file that is the cloud."),
                Setting.withDefault(
                        BOOT_SECONDS, "60", "How long a new machine takes until it runs, in seconds; 0 or more."));
    }

    @Override
    public List<Problem> validate(ProviderContext context) {
        List<Problem> problems = new ArrayList<>();
        String file = context.settings().get(FILE);
        if (file == null || file.isBlank()) {
            problems.add(new Problem(FILE, "is missing; name the properties file that is the cloud"));
        } else if (!isPath(file)) {
            problems.add(new Problem(FILE, "'%s' cannot be the name of a file".formatted(file)));
        }
        String seconds = context.settings().get(BOOT_SECONDS);
        if (seconds == null || !seconds.matches("[0-9]{1,6}")) {
            problems.add(new Problem(BOOT_SECONDS, "'%s' is not a whole number from 0 to 999999".formatted(seconds)));
        }
        return problems;
    }

    @Override
    public NodePoolProvider create(ProviderContext context) {
        Duration bootTime = Duration.ofSeconds(Long.parseLong(context.setting(BOOT_SECONDS)));
        return new FileCloudProvider(Path.of(context.setting(FILE)), bootTime, context.clock());
    }

    private static boolean isPath(String text) {
        try {
            return !Path.of(text).toString().isEmpty();
        } catch (InvalidPathException malformed) {
            return false;
        }
    }
}
