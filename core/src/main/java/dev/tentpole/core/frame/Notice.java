package dev.tentpole.core.frame;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * A message to whoever looks at the data, shown beside the panel.
 *
 * @param severity how grave it is
 * @param text what to tell
 * @param link where to read more, empty for none
 * @param inspect the tab of the panel's inspector that shows more, empty for none
 */
public record Notice(Severity severity, String text, Optional<String> link, Optional<Inspect> inspect) {

    /** How grave a notice is. */
    public enum Severity {
        /** Good to know. */
        INFO,
        /** The data may not be what was asked for. */
        WARNING,
        /** The data is wrong or missing. */
        ERROR;

        /** {@return the name in JSON: {@code info}, {@code warning} or {@code error}} */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A tab of the panel's inspector. */
    public enum Inspect {
        /** The frame's meta data. */
        META,
        /** The error. */
        ERROR,
        /** The data. */
        DATA,
        /** The query's statistics. */
        STATS;

        /** {@return the name in JSON, such as {@code meta}} */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Refuses null.
     *
     * @param severity how grave it is
     * @param text what to tell
     * @param link where to read more
     * @param inspect the tab of the panel's inspector
     */
    public Notice {
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(link, "link");
        Objects.requireNonNull(inspect, "inspect");
    }

    /**
     * {@return a notice of severity info, without a link}
     *
     * @param text what to tell
     */
    public static Notice info(String text) {
        return new Notice(Severity.INFO, text, Optional.empty(), Optional.empty());
    }

    /**
     * {@return a notice of severity warning, without a link}
     *
     * @param text what to tell
     */
    public static Notice warning(String text) {
        return new Notice(Severity.WARNING, text, Optional.empty(), Optional.empty());
    }

    /**
     * {@return a notice of severity error, without a link}
     *
     * @param text what to tell
     */
    public static Notice error(String text) {
        return new Notice(Severity.ERROR, text, Optional.empty(), Optional.empty());
    }

    /**
     * {@return this notice with a link}
     *
     * @param link where to read more
     */
    public Notice withLink(String link) {
        return new Notice(severity, text, Optional.of(link), inspect);
    }

    /**
     * {@return this notice pointing at a tab of the panel's inspector}
     *
     * @param inspect the tab
     */
    public Notice withInspect(Inspect inspect) {
        return new Notice(severity, text, link, Optional.of(inspect));
    }
}
