package dev.tentpole.benchmarks.pool;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverPropertyInfo;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** Connections to nothing, whose calls cost next to nothing: what is measured is the pool. */
final class StubConnections {

    private StubConnections() {}

    static DataSource dataSource() {
        return (DataSource) Proxy.newProxyInstance(
                StubConnections.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (self, method, args) -> switch (method.getName()) {
                    case "getConnection" -> connection();
                    case "getLoginTimeout" -> 0;
                    default -> null;
                });
    }

    static Connection connection() {
        return new StubConnection();
    }

    /** For those that want a driver. */
    public static final class OfDriver implements Driver {

        /** Drivers are made by their class. */
        public OfDriver() {}

        @Override
        public Connection connect(String url, Properties info) {
            return connection();
        }

        @Override
        public boolean acceptsURL(String url) {
            return true;
        }

        @Override
        public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
            return new DriverPropertyInfo[0];
        }

        @Override
        public int getMajorVersion() {
            return 1;
        }

        @Override
        public int getMinorVersion() {
            return 0;
        }

        @Override
        public boolean jdbcCompliant() {
            return false;
        }

        @Override
        public Logger getParentLogger() throws SQLFeatureNotSupportedException {
            throw new SQLFeatureNotSupportedException();
        }
    }
}
