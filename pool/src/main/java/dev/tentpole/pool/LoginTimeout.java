package dev.tentpole.pool;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * Tells drivers how long logging in may take, so that a server that accepts and says nothing holds no thread for longer than
 * an attempt may take. Each has a property of its own for that; those of other drivers have to be given by the user.
 */
final class LoginTimeout {

    /**
     * The property of a driver.
     *
     * @param name its name
     * @param millis whether it is in milliseconds, not in seconds
     */
    private record Setting(String name, boolean millis) {}

    private static final Map<String, Setting> BY_URL = Map.of(
            "jdbc:mariadb:", new Setting("connectTimeout", true),
            "jdbc:mysql:", new Setting("connectTimeout", true),
            "jdbc:postgresql:", new Setting("loginTimeout", false),
            "jdbc:sqlserver:", new Setting("loginTimeout", false),
            "jdbc:oracle:", new Setting("oracle.net.CONNECT_TIMEOUT", true));

    private LoginTimeout() {}

    /** Adds it to the properties for that URL, unless one of them has it. */
    static void add(String url, Properties properties, Duration longest) {
        BY_URL.forEach((prefix, setting) -> {
            boolean isSet = properties.containsKey(setting.name()) || isIn(url, setting.name());
            if (url.startsWith(prefix) && !isSet) {
                long value = setting.millis() ? longest.toMillis() : longest.toSeconds();
                properties.setProperty(setting.name(), Long.toString(Math.min(Integer.MAX_VALUE, Math.max(1, value))));
            }
        });
    }

    private static boolean isIn(String url, String name) {
        return url.toLowerCase(Locale.ROOT).contains(name.toLowerCase(Locale.ROOT) + "=");
    }
}
