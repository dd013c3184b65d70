package dev.tentpole.core.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Numbers to text and back, against the JDK and against exact arithmetic. */
final class NumberTextPropertyTest {

    private final byte[] buffer = new byte[64];

    @Property(tries = 1000)
    void a_double_is_written_as_the_shortest_text_that_reads_back(@ForAll long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 50; i++) {
            double value = RandomFrames.aDouble(random);
            if (!Double.isFinite(value)) {
                continue;
            }
            String text = text(DoubleText.put(buffer, 0, value));

            assertThat(Double.doubleToRawLongBits(Double.parseDouble(text)))
                    .isEqualTo(Double.doubleToRawLongBits(value));
            assertThat(Double.doubleToRawLongBits(scanner(text).number())).isEqualTo(Double.doubleToRawLongBits(value));
            assertThat(text(DoubleText.putAny(buffer, 0, value))).isEqualTo(text);
            // The JDK is not always shortest before 19, but never shorter.
            assertThat(precision(text)).isLessThanOrEqualTo(precision(Double.toString(value)));
        }
    }

    @Property(tries = 1000)
    void a_float_is_written_as_the_shortest_text_that_reads_back(@ForAll long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 50; i++) {
            float value = RandomFrames.aFloat(random);
            if (!Float.isFinite(value)) {
                continue;
            }
            String text = text(DoubleText.put(buffer, 0, value));

            assertThat(Float.floatToRawIntBits(Float.parseFloat(text))).isEqualTo(Float.floatToRawIntBits(value));
            assertThat(Float.floatToRawIntBits(scanner(text).floatNumber())).isEqualTo(Float.floatToRawIntBits(value));
            assertThat(precision(text)).isLessThanOrEqualTo(precision(Float.toString(value)));
        }
    }

    @Property(tries = 1000)
    void any_decimal_reads_as_the_nearest_double(@ForAll long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 50; i++) {
            String text =
                    new BigDecimal(new BigInteger(random.nextInt(90), random), random.nextInt(700) - 350).toString();
            double expected = Double.parseDouble(text);
            if (Double.isFinite(expected)) {
                assertThat(scanner(text).number()).as(text).isEqualTo(expected);
                assertThat(scanner("-" + text).number()).as(text).isEqualTo(-expected);
            }
        }
    }

    /** Where a decimal lies half way between two doubles, or just beside, rounding is hardest. */
    @Property(tries = 1000)
    void decimals_near_the_middle_of_two_doubles_read_as_the_nearest_one(@ForAll long seed) {
        Random random = new Random(seed);
        double value = Math.abs(Double.longBitsToDouble(random.nextLong()));
        if (value < Double.MAX_VALUE) {
            BigDecimal middle = new BigDecimal(value)
                    .add(new BigDecimal(Math.nextUp(value)))
                    .divide(BigDecimal.valueOf(2));
            for (int digits = 15; digits < 25; digits++) {
                String text = middle.round(new MathContext(digits)).toString();
                assertThat(scanner(text).number()).as(text).isEqualTo(Double.parseDouble(text));
            }
            String exact = middle.toString();
            assertThat(scanner(exact).number()).as(exact).isEqualTo(Double.parseDouble(exact));
        }
        long odd = (1L << 53) + (random.nextLong() >>> 12) | 1;
        for (String text : new String[] {Long.toString(odd), odd + "000", odd + "e-3", odd + ".5"}) {
            assertThat(scanner(text).number()).as(text).isEqualTo(Double.parseDouble(text));
        }
    }

    @Property(tries = 500)
    void decimals_near_the_middle_of_two_floats_read_as_the_nearest_one(@ForAll long seed) {
        Random random = new Random(seed);
        // Below the smallest normal float the distance of floats no longer follows the number's size.
        float value = random.nextBoolean()
                ? Math.abs(Float.intBitsToFloat(random.nextInt()))
                : random.nextFloat() * Float.MIN_NORMAL;
        if (value < Float.MAX_VALUE) {
            double middle = ((double) value + Math.nextUp(value)) / 2;
            for (double near : new double[] {middle, Math.nextUp(middle), Math.nextDown(middle)}) {
                for (String text :
                        new String[] {new BigDecimal(near).toString(), new BigDecimal(near) + "1", Double.toString(near)
                        }) {
                    if (text.indexOf('.') >= 0) {
                        assertThat(scanner(text).floatNumber()).as(text).isEqualTo(Float.parseFloat(text));
                    }
                }
            }
        }
    }

    /** Below a power of two numbers are twice as close as above it. */
    @Example
    void powers_of_two_are_written_as_the_shortest_text_that_reads_back() {
        for (int e = Double.MIN_EXPONENT - 52; e <= Double.MAX_EXPONENT; e++) {
            double value = Math.scalb(1.0, e);
            String text = text(DoubleText.putAny(buffer, 0, value));
            assertThat(Double.parseDouble(text)).as(text).isEqualTo(value);
            assertThat(precision(text)).isLessThanOrEqualTo(precision(Double.toString(value)));
        }
        for (int e = Float.MIN_EXPONENT - 23; e <= Float.MAX_EXPONENT; e++) {
            float value = Math.scalb(1f, e);
            String text = text(DoubleText.put(buffer, 0, value));
            assertThat(Float.parseFloat(text)).as(text).isEqualTo(value);
            assertThat(precision(text)).isLessThanOrEqualTo(precision(Float.toString(value)));
        }
    }

    @Example
    void only_digits_count_as_digits_wherever_they_stand() {
        for (int place = 0; place < 8; place++) {
            for (int other = 0; other < 256; other++) {
                byte[] text = "98765432".getBytes(StandardCharsets.US_ASCII);
                text[place] = (byte) other;
                boolean isDigit = other >= '0' && other <= '9';
                int digits = Digits.count(Digits.eight(text, 0));
                assertThat(digits).as("%d at %d", other, place).isEqualTo(isDigit ? 8 : place);
                if (digits > 0) {
                    assertThat(Digits.value(Digits.eight(text, 0), digits))
                            .isEqualTo(Integer.parseInt(new String(text, 0, digits, StandardCharsets.US_ASCII)));
                }
            }
        }
    }

    @Property(tries = 1000)
    void longs_are_exact(@ForAll long value) {
        assertThat(text(Digits.putLong(buffer, 0, value))).isEqualTo(Long.toString(value));
        assertThat(text(Digits.putUnsigned(buffer, 0, value))).isEqualTo(Long.toUnsignedString(value));
        assertThat(scanner(Long.toString(value)).integer()).isEqualTo(value);
        assertThat(scanner(Long.toUnsignedString(value)).unsignedInteger()).isEqualTo(value);
        assertThat(scanner("\"" + Long.toUnsignedString(value) + "\"").unsignedInteger())
                .isEqualTo(value);
    }

    @Example
    void longs_are_exact_where_the_number_of_digits_changes() {
        for (long power = 1; power > 0; power = power > Long.MAX_VALUE / 10 ? -1 : power * 10) {
            for (long value : new long[] {power - 1, power, power + 1, -power, -power - 1}) {
                longs_are_exact(value);
            }
        }
        longs_are_exact(Long.MIN_VALUE);
        longs_are_exact(Long.MAX_VALUE);
    }

    @Example
    void logarithms_by_multiplication_are_exact_in_the_range_that_is_used() {
        for (int e = -400; e <= 400; e++) {
            BigInteger power = BigInteger.TEN.pow(Math.abs(e));
            int floor = e >= 0 ? power.bitLength() - 1 : -power.bitLength();
            assertThat(PowersOfTen.floorLog2Pow10(e)).as("%d", e).isEqualTo(floor);
        }
        for (int e = -1100; e <= 1100; e++) {
            assertThat(PowersOfTen.floorLog10Pow2(e)).as("%d", e).isEqualTo(floorLog10(BigDecimal.ONE, e));
            assertThat(PowersOfTen.floorLog10ThreeQuartersPow2(e))
                    .as("%d", e)
                    .isEqualTo(floorLog10(new BigDecimal("0.75"), e));
        }
    }

    private static int floorLog10(BigDecimal factor, int exponent) {
        BigDecimal two = BigDecimal.valueOf(2);
        BigDecimal value = exponent >= 0
                ? factor.multiply(two.pow(exponent))
                : factor.divide(two.pow(-exponent), new MathContext(1000));
        return value.precision() - value.scale() - 1;
    }

    @Example
    void notation_is_that_of_javascript() {
        assertThat(text(DoubleText.put(buffer, 0, 1e21))).isEqualTo("1e+21");
        assertThat(text(DoubleText.put(buffer, 0, 1e20))).isEqualTo("100000000000000000000");
        assertThat(text(DoubleText.put(buffer, 0, 123456789012.5))).isEqualTo("123456789012.5");
        assertThat(text(DoubleText.put(buffer, 0, 0.000001))).isEqualTo("0.000001");
        assertThat(text(DoubleText.put(buffer, 0, 0.0000001))).isEqualTo("1e-7");
        assertThat(text(DoubleText.put(buffer, 0, -1.25e-300))).isEqualTo("-1.25e-300");
        assertThat(text(DoubleText.put(buffer, 0, 0.1 + 0.2))).isEqualTo("0.30000000000000004");
        assertThat(text(DoubleText.put(buffer, 0, -0.0))).isEqualTo("-0");
        assertThat(text(DoubleText.put(buffer, 0, 100))).isEqualTo("100");
        assertThat(text(DoubleText.put(buffer, 0, Double.MIN_VALUE))).isEqualTo("5e-324");
        assertThat(text(DoubleText.put(buffer, 0, Double.MAX_VALUE))).isEqualTo("1.7976931348623157e+308");
        assertThat(text(DoubleText.put(buffer, 0, Float.MIN_VALUE))).isEqualTo("1e-45");
        assertThat(text(DoubleText.put(buffer, 0, 3.4028235e38f))).isEqualTo("3.4028235e+38");
        assertThat(text(DoubleText.put(buffer, 0, 0.1f))).isEqualTo("0.1");
    }

    private String text(int end) {
        return new String(buffer, 0, end, StandardCharsets.US_ASCII);
    }

    private static JsonScanner scanner(String text) {
        return new JsonScanner((text + "}").getBytes(StandardCharsets.US_ASCII));
    }

    private static int precision(String text) {
        return new BigDecimal(text).stripTrailingZeros().precision();
    }
}
