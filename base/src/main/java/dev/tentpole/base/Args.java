package dev.tentpole.base;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Checks of arguments and settings, with messages that give the name, the value and the allowed range.
 *
 * <p>Every method returns the value that it was given, so that a check fits into an assignment. Stateless and safe for
 * use by several threads.
 */
public final class Args {

    private Args() {}

    /**
     * Refuses a value for which a condition does not hold.
     *
     * @param ok what must hold
     * @param name the setting's name, for the message
     * @param value the value that was given
     * @param allowed what is allowed, to follow the words "must be"
     * @throws IllegalArgumentException if {@code ok} is false
     */
    public static void check(boolean ok, String name, @Nullable Object value, String allowed) {
        if (!ok) {
            throw new IllegalArgumentException(name + " = " + value + ", must be " + allowed);
        }
    }

    /**
     * {@return the value, which is within the range}
     *
     * @param name the setting's name, for the message
     * @param value the value to check
     * @param min the smallest allowed value
     * @param max the largest allowed value
     * @throws IllegalArgumentException if the value is outside of {@code min..max}
     */
    public static int inRange(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " = " + value + " is not in " + min + ".." + max);
        }
        return value;
    }

    /**
     * {@return the value, which is within the range}
     *
     * @param name the setting's name, for the message
     * @param value the value to check
     * @param min the smallest allowed value
     * @param max the largest allowed value
     * @throws IllegalArgumentException if the value is outside of {@code min..max}
     */
    public static long inRange(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " = " + value + " is not in " + min + ".." + max);
        }
        return value;
    }

    /**
     * {@return the value, which is within the range}
     *
     * @param name the setting's name, for the message
     * @param value the value to check, not null
     * @param min the shortest allowed duration
     * @param max the longest allowed duration
     * @throws IllegalArgumentException if the value is outside of {@code min..max}
     * @throws NullPointerException if the value is null
     */
    public static Duration inRange(String name, Duration value, Duration min, Duration max) {
        if (value == null) {
            throw new NullPointerException(name);
        }
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(name + " = " + value + " is not in " + min + ".." + max);
        }
        return value;
    }

    /**
     * {@return the text, which is neither empty nor blank}
     *
     * @param name the setting's name, for the message
     * @param value the text to check, not null
     * @throws IllegalArgumentException if the text is empty or blank
     * @throws NullPointerException if the text is null
     */
    public static String notBlank(String name, String value) {
        if (value == null) {
            throw new NullPointerException(name);
        }
        if (value.isBlank()) {
            throw new IllegalArgumentException(name + " is blank");
        }
        return value;
    }
}
