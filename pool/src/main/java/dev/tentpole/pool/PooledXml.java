package dev.tentpole.pool;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.sql.SQLException;
import java.sql.SQLXML;
import javax.xml.transform.Result;
import javax.xml.transform.Source;
import org.jspecify.annotations.Nullable;

/** XML of a pooled connection. */
final class PooledXml extends PooledValue<SQLXML> implements SQLXML {

    PooledXml(PooledConnection connection, SQLXML xml) {
        super(connection, xml);
    }

    @Override
    public InputStream getBinaryStream() throws SQLException {
        return part(xml -> xml.getBinaryStream(), PooledInputStream::new);
    }

    @Override
    public Reader getCharacterStream() throws SQLException {
        return part(xml -> xml.getCharacterStream(), PooledReader::new);
    }

    @Override
    public String getString() throws SQLException {
        return get(xml -> xml.getString());
    }

    @Override
    public <T extends Source> T getSource(@Nullable Class<T> sourceClass) throws SQLException {
        return get(xml -> xml.getSource(sourceClass));
    }

    @Override
    public OutputStream setBinaryStream() throws SQLException {
        willExecute();
        return part(xml -> xml.setBinaryStream(), PooledOutputStream::new);
    }

    @Override
    public Writer setCharacterStream() throws SQLException {
        willExecute();
        return part(xml -> xml.setCharacterStream(), PooledWriter::new);
    }

    @Override
    public void setString(@Nullable String value) throws SQLException {
        willExecute();
        run(xml -> xml.setString(value));
    }

    @Override
    public <T extends Result> T setResult(@Nullable Class<T> resultClass) throws SQLException {
        willExecute();
        return get(xml -> xml.setResult(resultClass));
    }

    @Override
    public void free() throws SQLException {
        freeBy(SQLXML::free);
    }
}
