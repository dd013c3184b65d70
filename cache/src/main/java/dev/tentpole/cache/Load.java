package dev.tentpole.cache;

import dev.tentpole.base.Args;
import dev.tentpole.base.Deadline;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One load that is under way: a loader says here how the value may be kept. For the loader's thread alone.
 */
public final class Load {

    /** The most tags that an entry can carry. */
    static final int MOST_TAGS = 100;

    static final Duration LONGEST_TIME_TO_LIVE = Duration.ofDays(36_500);

    private static final int LONGEST_TAG = 200;

    /** How close to its end a time counts as up: whoever keeps to it rounds, and ends a little early. */
    private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final int SLACK_PART = 10;

    private final Deadline deadline;
    private final boolean cutShort;
    private final long slackNanos;
    private final boolean background;
    private final long beganMillis;
    private final Set<String> tags = new LinkedHashSet<>();
    private @Nullable Duration timeToLive;
    private boolean store = true;

    /**
     * Makes a load.
     *
     * @param cutShort whether its caller has less time than the cache gives a load, so that running out of it says nothing
     *     about what is loaded
     */
    Load(Deadline deadline, boolean cutShort, boolean background, long beganMillis) {
        this.deadline = deadline;
        this.cutShort = cutShort;
        this.slackNanos = Math.min(SLACK_NANOS, deadline.remainingNanos() / SLACK_PART);
        this.background = background;
        this.beganMillis = beganMillis;
    }

    /**
     * {@return how long the caller whose thread this is will wait for the value; zero once that has passed}
     */
    public Duration remaining() {
        return deadline.remaining();
    }

    /**
     * {@return whether this is a refresh in the background, for which nobody waits}
     */
    public boolean isBackground() {
        return background;
    }

    /**
     * Says how long this value may be served as fresh, instead of what the cache would take. Volatile points of a range
     * cache are served for its {@code tailTimeToLive} at most.
     *
     * @param timeToLive the hard time to live, up to 36,500 days; zero to keep nothing
     * @return this
     * @throws IllegalArgumentException if it is negative or longer
     */
    public Load timeToLive(Duration timeToLive) {
        this.timeToLive = Args.inRange("timeToLive", timeToLive, Duration.ZERO, LONGEST_TIME_TO_LIVE);
        return this;
    }

    /**
     * Adds tags under which the value can be invalidated, such as a backend, a tenant, a table, a metric.
     *
     * @param tags tags of 1 to 200 characters
     * @return this
     * @throws IllegalArgumentException if a tag is not allowed, or if the entry would carry more than 100
     */
    public Load tag(String... tags) {
        for (String tag : tags) {
            this.tags.add(checkTag(tag));
        }
        Args.inRange("number of tags", this.tags.size(), 0, MOST_TAGS);
        return this;
    }

    /**
     * Says that the value must not be kept: it is partial, or its server forbids it.
     *
     * @return this
     */
    public Load noStore() {
        store = false;
        return this;
    }

    /** The wall time at which it began. */
    long beganMillis() {
        return beganMillis;
    }

    /** {@return whether it is its caller, and not the load, whose time is up} */
    boolean isCallersTimeUp() {
        return cutShort && deadline.remainingNanos() <= slackNanos;
    }

    Set<String> tags() {
        return tags;
    }

    @Nullable
    Duration timeToLive() {
        return timeToLive;
    }

    boolean isStored() {
        return store;
    }

    static String checkTag(String tag) {
        Objects.requireNonNull(tag, "tag");
        Args.inRange("length of a tag", tag.length(), 1, LONGEST_TAG);
        return tag;
    }

    static Set<String> checkTags(Iterable<String> tags) {
        Set<String> checked = new LinkedHashSet<>();
        tags.forEach(tag -> checked.add(checkTag(tag)));
        Args.inRange("number of tags", checked.size(), 0, MOST_TAGS);
        return Set.copyOf(checked);
    }
}
