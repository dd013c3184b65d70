package dev.tentpole.streaming;

import java.net.URI;

/** What may be shown of things that hold secrets. */
final class Redacted {

    private Redacted() {}

    /** Scheme, host, port and path; no user, no query, no fragment. */
    static String uri(URI uri) {
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        return uri.getScheme() + "://" + uri.getHost() + port + path;
    }
}
