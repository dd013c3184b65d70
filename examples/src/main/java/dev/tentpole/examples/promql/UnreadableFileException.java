package dev.tentpole.examples.promql;

/** A file that is not what its name says; the message says where and why. */
final class UnreadableFileException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UnreadableFileException(String message, Throwable cause) {
        super(message, cause);
    }

    UnreadableFileException(String message) {
        super(message);
    }
}
