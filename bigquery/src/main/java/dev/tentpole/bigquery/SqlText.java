package dev.tentpole.bigquery;

import java.util.Locale;

/** Reads literals. */
final class SqlText {

    private SqlText() {}

    static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** {@return what a literal of text or bytes stands for} */
    static String value(String literal) {
        int quote = 0;
        boolean raw = false;
        while (literal.charAt(quote) != '\'' && literal.charAt(quote) != '"') {
            raw |= (literal.charAt(quote) | 0x20) == 'r';
            quote++;
        }
        String mark = literal.substring(quote, quote + 1).repeat(3);
        int marks = literal.startsWith(mark, quote) && literal.length() >= quote + 6 ? 3 : 1;
        String text = literal.substring(quote + marks, literal.length() - marks);
        if (text.indexOf('\r') >= 0) {
            // Lines end in one way, however the query's do; only texts in three quotes have any.
            text = text.replace("\r\n", "\n").replace('\r', '\n');
        }
        return raw || text.indexOf('\\') < 0 ? text : unescape(text);
    }

    /** {@return the text without its escapes; what is no escape stays as it is} */
    static String unescape(String text) {
        StringBuilder out = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c != '\\' || i + 1 == text.length()) {
                out.append(c);
                i++;
            } else {
                i = escape(text, i + 1, out);
            }
        }
        return out.toString();
    }

    private static int escape(String text, int at, StringBuilder out) {
        char c = text.charAt(at);
        switch (c) {
            case 'a' -> out.append('\u0007');
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'n' -> out.append('\n');
            case 'r' -> out.append('\r');
            case 't' -> out.append('\t');
            case 'v' -> out.append('\u000b');
            case 'x', 'X' -> {
                return number(text, at + 1, 2, 16, out);
            }
            case 'u' -> {
                return number(text, at + 1, 4, 16, out);
            }
            case 'U' -> {
                return number(text, at + 1, 8, 16, out);
            }
            case '0', '1', '2', '3' -> {
                return number(text, at, 3, 8, out);
            }
            default -> out.append(c);
        }
        return at + 1;
    }

    private static int number(String text, int from, int digits, int radix, StringBuilder out) {
        int to = Math.min(from + digits, text.length());
        try {
            out.appendCodePoint(Integer.parseInt(text.substring(from, to), radix));
        } catch (IllegalArgumentException e) {
            // Not a character: BigQuery refuses the query, and no bound depends on it.
            out.append('\ufffd');
        }
        return to;
    }
}
