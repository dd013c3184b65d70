package dev.tentpole.core;

/**
 * Who is to blame for an error, in the words of Grafana's plugin protocol.
 */
public enum ErrorSource {
    /** The data source itself, or what it was asked: a bug, a wrong setting, a malformed query model. */
    PLUGIN("plugin"),
    /** The server behind the data source: it refused, failed, or did not answer. */
    DOWNSTREAM("downstream");

    private final String id;

    ErrorSource(String id) {
        this.id = id;
    }

    /**
     * {@return the name that Grafana uses on the wire}
     */
    public String id() {
        return id;
    }
}
