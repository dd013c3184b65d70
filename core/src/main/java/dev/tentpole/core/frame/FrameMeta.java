package dev.tentpole.core.frame;

import dev.tentpole.base.Args;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a data source says about a frame: the shape of the data, notices, statistics, the query as it was executed.
 *
 * <p>Keys of Grafana's frame meta that have no method here are kept as JSON text in {@link #other()}, and so are keys
 * with a value of an unexpected kind. Immutable and safe for use by several threads.
 */
public final class FrameMeta {

    private static final FrameMeta NONE = new FrameMeta(new Builder(), true);

    private final boolean none;
    private final @Nullable String typeId;
    private final @Nullable TypeVersion typeVersion;
    private final List<Notice> notices;
    private final List<QueryStat> stats;
    private final @Nullable String executedQuery;
    private final @Nullable String preferredVisualisation;
    private final @Nullable String channel;
    private final @Nullable String custom;
    private final Map<String, String> other;

    private FrameMeta(Builder from, boolean none) {
        this.none = none;
        this.typeId = from.typeId;
        this.typeVersion = from.typeVersion;
        this.notices = List.copyOf(from.notices);
        this.stats = List.copyOf(from.stats);
        this.executedQuery = from.executedQuery;
        this.preferredVisualisation = from.preferredVisualisation;
        this.channel = from.channel;
        this.custom = from.custom;
        this.other = Collections.unmodifiableMap(new LinkedHashMap<>(from.other));
    }

    /**
     * The version of a {@link FrameType}'s contract. 0.0 stands for data from before the contract.
     *
     * @param major the first number, at least 0
     * @param minor the second number, at least 0
     */
    public record TypeVersion(int major, int minor) implements Comparable<TypeVersion> {

        /**
         * Refuses negative numbers.
         *
         * @param major the first number
         * @param minor the second number
         */
        public TypeVersion {
            Args.inRange("major", major, 0, Integer.MAX_VALUE);
            Args.inRange("minor", minor, 0, Integer.MAX_VALUE);
        }

        @Override
        public int compareTo(TypeVersion that) {
            int byMajor = Integer.compare(major, that.major);
            return byMajor != 0 ? byMajor : Integer.compare(minor, that.minor);
        }

        @Override
        public String toString() {
            return major + "." + minor;
        }
    }

    /** {@return no meta data at all, which is not written} */
    public static FrameMeta none() {
        return NONE;
    }

    /** {@return a new builder without settings} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a new builder with these settings} */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.typeId = typeId;
        builder.typeVersion = typeVersion;
        builder.notices.addAll(notices);
        builder.stats.addAll(stats);
        builder.executedQuery = executedQuery;
        builder.preferredVisualisation = preferredVisualisation;
        builder.channel = channel;
        builder.custom = custom;
        builder.other.putAll(other);
        return builder;
    }

    /** {@return whether this is {@link #none()}} */
    public boolean isNone() {
        return none;
    }

    /** {@return the shape of the data; empty if none is declared or this library does not know it} */
    public Optional<FrameType> type() {
        return typeId == null ? Optional.empty() : FrameType.ofId(typeId);
    }

    /** {@return the declared shape's name, whether or not this library knows it} */
    public Optional<String> typeId() {
        return Optional.ofNullable(typeId);
    }

    /** {@return the version of the shape's contract, empty if none is declared, which means 0.0} */
    public Optional<TypeVersion> typeVersion() {
        return Optional.ofNullable(typeVersion);
    }

    /** {@return messages to whoever looks at the data} */
    public List<Notice> notices() {
        return notices;
    }

    /** {@return figures about the query} */
    public List<QueryStat> stats() {
        return stats;
    }

    /** {@return the query as it was executed} */
    public Optional<String> executedQuery() {
        return Optional.ofNullable(executedQuery);
    }

    /** {@return how Explore should show the data: {@code graph}, {@code table}, {@code logs}, {@code trace} …} */
    public Optional<String> preferredVisualisation() {
        return Optional.ofNullable(preferredVisualisation);
    }

    /** {@return the live channel on which more data comes} */
    public Optional<String> channel() {
        return Optional.ofNullable(channel);
    }

    /** {@return anything of the data source's own, as JSON text} */
    public Optional<String> custom() {
        return Optional.ofNullable(custom);
    }

    /** {@return the keys of Grafana's frame meta that have no method here, with their values as JSON text} */
    public Map<String, String> other() {
        return other;
    }

    /**
     * {@return this meta data with one more notice}
     *
     * @param notice the notice, added behind the present ones
     */
    public FrameMeta withNotice(Notice notice) {
        return toBuilder().notice(notice).build();
    }

    /**
     * {@return this meta data with another shape, in the version that this library writes}
     *
     * @param type the shape
     */
    public FrameMeta withType(FrameType type) {
        return toBuilder().type(type).build();
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof FrameMeta that && none == that.none && key().equals(that.key());
    }

    @Override
    public int hashCode() {
        return key().hashCode();
    }

    @Override
    public String toString() {
        return none ? "FrameMeta[none]" : "FrameMeta" + FrameJson.toString(this);
    }

    private List<Object> key() {
        return List.of(
                typeId(),
                typeVersion(),
                notices,
                stats,
                executedQuery(),
                preferredVisualisation(),
                channel(),
                custom(),
                other);
    }

    /** Builds a {@link FrameMeta}. For one thread at a time; may build several times. */
    public static final class Builder {

        private final List<Notice> notices = new ArrayList<>();
        private final List<QueryStat> stats = new ArrayList<>();
        private final Map<String, String> other = new LinkedHashMap<>();
        private @Nullable String typeId;
        private @Nullable TypeVersion typeVersion;
        private @Nullable String executedQuery;
        private @Nullable String preferredVisualisation;
        private @Nullable String channel;
        private @Nullable String custom;

        private Builder() {}

        /**
         * Declares the shape of the data, in the version that this library writes.
         *
         * @param type the shape
         * @return this
         */
        public Builder type(FrameType type) {
            return typeId(type.id()).typeVersion(type.version());
        }

        /**
         * Declares the shape of the data by its name, for shapes that this library does not know.
         *
         * @param id the shape's name
         * @return this
         */
        public Builder typeId(String id) {
            this.typeId = Objects.requireNonNull(id, "id");
            other.remove("type");
            return this;
        }

        /**
         * Sets the version of the shape's contract.
         *
         * @param version the version
         * @return this
         */
        public Builder typeVersion(TypeVersion version) {
            this.typeVersion = Objects.requireNonNull(version, "version");
            other.remove("typeVersion");
            return this;
        }

        /**
         * Adds a notice.
         *
         * @param notice the notice
         * @return this
         */
        public Builder notice(Notice notice) {
            other.remove("notices");
            notices.add(Objects.requireNonNull(notice, "notice"));
            return this;
        }

        /**
         * Adds a figure about the query.
         *
         * @param stat the figure
         * @return this
         */
        public Builder stat(QueryStat stat) {
            other.remove("stats");
            stats.add(Objects.requireNonNull(stat, "stat"));
            return this;
        }

        /**
         * Sets the query as it was executed.
         *
         * @param executedQuery the query
         * @return this
         */
        public Builder executedQuery(String executedQuery) {
            this.executedQuery = Objects.requireNonNull(executedQuery, "executedQuery");
            other.remove("executedQueryString");
            return this;
        }

        /**
         * Sets how Explore should show the data.
         *
         * @param preferredVisualisation {@code graph}, {@code table}, {@code logs}, {@code trace}, {@code nodeGraph}
         *     or another of Grafana's names
         * @return this
         */
        public Builder preferredVisualisation(String preferredVisualisation) {
            this.preferredVisualisation = Objects.requireNonNull(preferredVisualisation, "preferredVisualisation");
            other.remove("preferredVisualisationType");
            return this;
        }

        /**
         * Sets the live channel on which more data comes.
         *
         * @param channel the channel: scope, namespace and path with slashes between
         * @return this
         */
        public Builder channel(String channel) {
            this.channel = Objects.requireNonNull(channel, "channel");
            other.remove("channel");
            return this;
        }

        /**
         * Sets anything of the data source's own.
         *
         * @param json one JSON value as text; {@code null} (the four letters) is kept as a value
         * @return this
         * @throws IllegalArgumentException if the text is not one JSON value
         */
        public Builder custom(String json) {
            return compactCustom(RawJson.compact(json));
        }

        /**
         * Sets any key of Grafana's frame meta by its JSON. For keys that have no method here: a key that has one
         * is set as by its method, or kept as it is if its value is of another kind.
         *
         * @param key the key
         * @param json its value, one JSON value as text
         * @return this
         * @throws IllegalArgumentException if the text is not one JSON value
         */
        public Builder other(String key, String json) {
            Objects.requireNonNull(key, "key");
            return MetaReader.set(this, RawJson.wellFormed(key), RawJson.compact(json));
        }

        /** For the reader: a key whose value is not of the kind that its method takes, or that has no method. */
        Builder keep(String key, String compactJson) {
            switch (key) {
                case "type" -> typeId = null;
                case "typeVersion" -> typeVersion = null;
                case "executedQueryString" -> executedQuery = null;
                case "preferredVisualisationType" -> preferredVisualisation = null;
                case "channel" -> channel = null;
                case "notices" -> notices.clear();
                case "stats" -> stats.clear();
                default -> {}
            }
            other.put(key, compactJson);
            return this;
        }

        Builder compactCustom(String compactJson) {
            this.custom = compactJson;
            return this;
        }

        Builder notices(List<Notice> replacement) {
            notices.clear();
            replacement.forEach(this::notice);
            return this;
        }

        Builder stats(List<QueryStat> replacement) {
            stats.clear();
            replacement.forEach(this::stat);
            return this;
        }

        /** {@return the meta data} */
        public FrameMeta build() {
            return new FrameMeta(this, false);
        }
    }
}
