package dev.tentpole.streaming;

/** Throws what the compiler does not expect, as code in other languages does, which declares nothing. */
final class Sneaky {

    private Sneaky() {}

    static RuntimeException raise(Throwable thrown) {
        Sneaky.<RuntimeException>undeclared(thrown);
        throw new AssertionError(thrown);
    }

    @SuppressWarnings("unchecked") // E is whatever the caller takes it for
    private static <E extends Throwable> void undeclared(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
