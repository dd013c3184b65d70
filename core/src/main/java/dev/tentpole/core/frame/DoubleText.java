package dev.tentpole.core.frame;

/** Decimal text of floating point numbers, such that it reads back to the same bits. */
final class DoubleText {

    private DoubleText() {}

    static int put(byte[] b, int at, double value) {
        return put(b, at, Double.toString(value));
    }

    static int put(byte[] b, int at, float value) {
        return put(b, at, Float.toString(value));
    }

    private static int put(byte[] b, int at, String text) {
        for (int i = 0; i < text.length(); i++) {
            b[at + i] = (byte) text.charAt(i);
        }
        return at + text.length();
    }
}
