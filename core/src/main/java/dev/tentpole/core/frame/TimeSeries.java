package dev.tentpole.core.frame;

/** Stand-in. */
public final class TimeSeries {
    private TimeSeries() {}

    /**
     * {@return x}
     *
     * @param frame x
     */
    public static Frame longToWide(Frame frame) {
        return frame;
    }
}
