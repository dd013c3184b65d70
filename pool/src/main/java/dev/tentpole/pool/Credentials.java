package dev.tentpole.pool;

import java.util.Objects;
import java.util.Properties;

/** Who connects; may change while the pool runs. Has no text form, so that the password gets into no log. */
final class Credentials {

    private final boolean isChangeable;
    private final Properties driverProperties;
    private volatile Properties current;

    Credentials(boolean isChangeable, Properties driverProperties) {
        this.isChangeable = isChangeable;
        this.driverProperties = driverProperties;
        this.current = driverProperties;
    }

    void set(String user, String password) {
        if (!isChangeable) {
            throw new IllegalStateException("the data source that the pool was given knows its own credentials");
        }
        Properties changed = new Properties();
        changed.putAll(driverProperties);
        changed.setProperty("user", Objects.requireNonNull(user, "user"));
        changed.setProperty("password", Objects.requireNonNull(password, "password"));
        current = changed;
    }

    /** What to give to the driver; a copy, since drivers write into it. */
    Properties properties() {
        Properties copy = new Properties();
        copy.putAll(current);
        return copy;
    }
}
