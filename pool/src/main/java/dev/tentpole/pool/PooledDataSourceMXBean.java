package dev.tentpole.pool;

/** Shows and steers a {@link PooledDataSource} over JMX, as {@code dev.tentpole.pool:type=PooledDataSource,name=...}. */
public interface PooledDataSourceMXBean {

    /**
     * {@return connections that are lent}
     */
    int getActiveConnections();

    /**
     * {@return connections that can be lent}
     */
    int getIdleConnections();

    /**
     * {@return connections that there are or are about to be}
     */
    int getTotalConnections();

    /**
     * {@return threads that wait for a connection}
     */
    int getThreadsAwaitingConnection();

    /**
     * {@return the minimum in force}
     */
    int getMinimumSize();

    /**
     * {@return the maximum in force}
     */
    int getMaximumSize();

    /**
     * Changes how many connections there are at least and at most.
     *
     * @param minimum 0 to {@code maximum}
     * @param maximum 1 to 10,000
     */
    void resize(int minimum, int maximum);

    /** Closes all connections: idle ones now, lent ones when they come back. */
    void softEvictConnections();

    /** Lends nothing until it is resumed. */
    void suspendPool();

    /** Lends again. */
    void resumePool();
}
