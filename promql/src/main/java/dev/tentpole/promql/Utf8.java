package dev.tentpole.promql;

/** Lengths in UTF-8 of texts in which a byte that is not UTF-8 is one character from U+DC80 to U+DCFF. */
final class Utf8 {

    private static final int[] ASCII = {};

    private Utf8() {}

    /**
     * {@return the byte offset of each character and of the text's end; empty if the text is ASCII, where both offsets are
     * the same}
     */
    static int[] byteOffsets(String text) {
        int length = text.length();
        int i = 0;
        while (i < length && text.charAt(i) < 0x80) {
            i++;
        }
        if (i == length) {
            return ASCII;
        }
        int[] offsets = new int[length + 1];
        int bytes = 0;
        for (i = 0; i < length; i++) {
            offsets[i] = bytes;
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < length && Character.isLowSurrogate(text.charAt(i + 1))) {
                offsets[++i] = bytes;
                bytes += 4;
            } else {
                bytes += c < 0x80 || Literals.isRawByte(c) ? 1 : c < 0x800 ? 2 : 3;
            }
        }
        offsets[length] = bytes;
        return offsets;
    }
}
