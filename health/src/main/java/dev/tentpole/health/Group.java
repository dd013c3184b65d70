package dev.tentpole.health;

/**
 * Names a set of checks that is judged as one: {@link #LIVE}, {@link #READY}, {@link #STARTUP}, {@link #FULL} or one of
 * your own.
 *
 * <p>A registry knows the four; one of your own is made known by {@link HealthRegistry.Builder#group}. A check is in the
 * groups that its settings name, and always in {@link #FULL}.
 *
 * @param name the group's name: at most 64 letters, digits or {@code . _ / : -}
 */
public record Group(String name) {

    /** Whether this process should go on running. Takes local checks only: a restart mends no database. */
    public static final Group LIVE = new Group("live");

    /** Whether this process should be sent work. A check is here unless its settings say otherwise. */
    public static final Group READY = new Group("ready");

    /** Whether this process has finished starting. */
    public static final Group STARTUP = new Group("startup");

    /** Every check. */
    public static final Group FULL = new Group("full");

    /**
     * Checks the name.
     *
     * @param name the group's name
     * @throws IllegalArgumentException if the name is not allowed
     */
    public Group {
        Names.check("group", name, 64);
    }

    /** Whether the group says {@code LAME_DUCK} before a shutdown: a process that drains is alive, and has started. */
    boolean drains() {
        return !equals(LIVE) && !equals(STARTUP);
    }
}
