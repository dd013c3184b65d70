package dev.tentpole.health;

import dev.tentpole.base.Args;
import java.util.regex.Pattern;

/** What may be the name of a check or a group: it becomes a metric's tag and a part of one-line reports. */
final class Names {

    private static final Pattern ALLOWED = Pattern.compile("[\\p{L}\\p{N}._/:-]+");

    private Names() {}

    static String check(String setting, String name, int longest) {
        Args.notBlank(setting, name);
        Args.check(
                name.length() <= longest && ALLOWED.matcher(name).matches(),
                setting,
                name,
                "at most " + longest + " letters, digits or . _ / : -");
        return name;
    }
}
