package dev.tentpole.streaming;

/** The size of text in UTF-8, without encoding it. */
final class Utf8 {

    private Utf8() {}

    /** The bytes that the text takes; -1 if there is half a surrogate pair in it. */
    static int length(CharSequence text) {
        int chars = text.length();
        int bytes = chars;
        for (int i = 0; i < chars; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                bytes++;
                if (c >= 0x800) {
                    if (!Character.isSurrogate(c)) {
                        bytes++;
                    } else if (Character.isHighSurrogate(c)
                            && i + 1 < chars
                            && Character.isLowSurrogate(text.charAt(i + 1))) {
                        bytes++;
                        i++;
                    } else {
                        return -1;
                    }
                }
            }
        }
        return bytes;
    }
}
