package dev.tentpole.core.frame;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A table of fields of equal length, with what a data source says about it: the form in which queries are answered.
 *
 * <p>Immutable and safe for use by several threads. {@link #slice} and the {@code with…} methods share the values.
 * Several fields may have the same name. Two frames are equal if all that they show is equal.
 */
public final class Frame {

    private final String name;
    private final String refId;
    private final List<Field> fields;
    private final FrameMeta meta;

    private Frame(String name, String refId, List<Field> fields, FrameMeta meta) {
        this.name = Objects.requireNonNull(name, "name");
        this.refId = Objects.requireNonNull(refId, "refId");
        this.fields = List.copyOf(fields);
        this.meta = Objects.requireNonNull(meta, "meta");
        for (int i = 1; i < this.fields.size(); i++) {
            Field first = this.fields.get(0);
            Field field = this.fields.get(i);
            if (field.size() != first.size()) {
                throw new IllegalArgumentException("field '" + field.name() + "' (number " + i + ") has " + field.size()
                        + " rows, but field '" + first.name() + "' has " + first.size());
            }
        }
    }

    /**
     * {@return a frame without refId and meta data}
     *
     * @param name the frame's name, may be empty
     * @param fields its fields, of equal size
     * @throws IllegalArgumentException if the fields' sizes differ; the message names the field
     */
    public static Frame of(String name, Field... fields) {
        return new Frame(name, "", Arrays.asList(fields), FrameMeta.none());
    }

    /**
     * {@return a new builder}
     *
     * @param name the frame's name, may be empty
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** {@return the name, empty if there is none} */
    public String name() {
        return name;
    }

    /** {@return the refId of the query that this answers, empty if there is none} */
    public String refId() {
        return refId;
    }

    /** {@return the fields, unmodifiable} */
    public List<Field> fields() {
        return fields;
    }

    /**
     * {@return a field by its place}
     *
     * @param index the place, from 0
     * @throws IndexOutOfBoundsException if there is no such field
     */
    public Field field(int index) {
        return fields.get(index);
    }

    /**
     * {@return the first field with a name, empty if there is none}
     *
     * @param name the name
     */
    public Optional<Field> field(String name) {
        Objects.requireNonNull(name, "name");
        return fields.stream().filter(field -> field.name().equals(name)).findFirst();
    }

    /** {@return the number of rows, 0 without fields} */
    public int rows() {
        return fields.isEmpty() ? 0 : fields.get(0).size();
    }

    /** {@return what the data source says about the data} */
    public FrameMeta meta() {
        return meta;
    }

    /**
     * {@return a view of some rows, which shares the values}
     *
     * @param from the first row
     * @param to the row after the last one
     * @throws IndexOutOfBoundsException if {@code 0 <= from <= to <= rows()} does not hold
     */
    public Frame slice(int from, int to) {
        Objects.checkFromToIndex(from, to, rows());
        List<Field> views = new ArrayList<>(fields.size());
        for (Field field : fields) {
            views.add(field.slice(from, to));
        }
        return new Frame(name, refId, views, meta);
    }

    /**
     * {@return this frame under another name}
     *
     * @param name the name, may be empty
     */
    public Frame withName(String name) {
        return new Frame(name, refId, fields, meta);
    }

    /**
     * {@return this frame as an answer to another query}
     *
     * @param refId the query's refId, may be empty
     */
    public Frame withRefId(String refId) {
        return new Frame(name, refId, fields, meta);
    }

    /**
     * {@return this frame with other fields}
     *
     * @param fields the fields, of equal size
     * @throws IllegalArgumentException if the fields' sizes differ; the message names the field
     */
    public Frame withFields(List<Field> fields) {
        return new Frame(name, refId, fields, meta);
    }

    /**
     * {@return this frame with other meta data}
     *
     * @param meta the meta data that replaces the present one
     */
    public Frame withMeta(FrameMeta meta) {
        return new Frame(name, refId, fields, meta);
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof Frame other
                && name.equals(other.name)
                && refId.equals(other.refId)
                && meta.equals(other.meta)
                && fields.equals(other.fields);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, refId, meta, fields);
    }

    /** {@return the name, the refId and the fields' names and types, not the values} */
    @Override
    public String toString() {
        return "Frame[" + name + (refId.isEmpty() ? "" : " refId " + refId) + " rows " + rows() + " " + fields + "]";
    }

    /** Builds a {@link Frame}. For one thread at a time; may build several times. */
    public static final class Builder {

        private final String name;
        private final List<Field> fields = new ArrayList<>();
        private String refId = "";
        private FrameMeta meta = FrameMeta.none();

        private Builder(String name) {
            this.name = Objects.requireNonNull(name, "name");
        }

        /**
         * Sets the refId of the query that the frame answers. Default: empty.
         *
         * @param refId the refId
         * @return this
         */
        public Builder refId(String refId) {
            this.refId = Objects.requireNonNull(refId, "refId");
            return this;
        }

        /**
         * Sets what is said about the data. Default: {@link FrameMeta#none()}.
         *
         * @param meta the meta data
         * @return this
         */
        public Builder meta(FrameMeta meta) {
            this.meta = Objects.requireNonNull(meta, "meta");
            return this;
        }

        /**
         * Adds a field behind those added before.
         *
         * @param field the field
         * @return this
         */
        public Builder field(Field field) {
            fields.add(Objects.requireNonNull(field, "field"));
            return this;
        }

        /**
         * Adds fields behind those added before.
         *
         * @param fields the fields
         * @return this
         */
        public Builder fields(List<Field> fields) {
            fields.forEach(this::field);
            return this;
        }

        /**
         * {@return the frame}
         *
         * @throws IllegalArgumentException if the fields' sizes differ; the message names the field
         */
        public Frame build() {
            return new Frame(name, refId, fields, meta);
        }
    }
}
