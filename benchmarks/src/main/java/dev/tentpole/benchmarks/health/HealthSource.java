package dev.tentpole.benchmarks.health;

/** Something that can be asked how everything is. */
interface HealthSource extends AutoCloseable {

    /** How long a slow check takes. */
    long SLOW_MILLIS = 2_000;

    /** Nothing to ask. */
    HealthSource NONE = new HealthSource() {
        @Override
        public Object read() {
            return this;
        }

        @Override
        public String body() {
            return "";
        }

        @Override
        public int checks() {
            return 0;
        }
    };

    Object read();

    /** What an anonymous probe gets by default, as JSON. */
    String body();

    /** How many checks an answer shows. */
    int checks();

    @Override
    default void close() {}

    /** What a check does: nothing, or nothing for a while. */
    static void work(boolean slow) {
        if (slow) {
            try {
                Thread.sleep(SLOW_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
