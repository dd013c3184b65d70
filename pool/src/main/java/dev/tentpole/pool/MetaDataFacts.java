package dev.tentpole.pool;

import java.sql.DatabaseMetaData;
import java.sql.RowIdLifetime;
import java.sql.SQLException;

/** Names, limits and habits of a database. */
abstract sealed class MetaDataFacts extends MetaDataFeatures permits PooledMetaData {

    MetaDataFacts(PooledConnection connection, DatabaseMetaData metaData) {
        super(connection, metaData);
    }

    @Override
    public String getURL() throws SQLException {
        return get(metaData -> metaData.getURL());
    }

    @Override
    public String getUserName() throws SQLException {
        return get(metaData -> metaData.getUserName());
    }

    @Override
    public String getDatabaseProductName() throws SQLException {
        return get(metaData -> metaData.getDatabaseProductName());
    }

    @Override
    public String getDatabaseProductVersion() throws SQLException {
        return get(metaData -> metaData.getDatabaseProductVersion());
    }

    @Override
    public String getDriverName() throws SQLException {
        return get(metaData -> metaData.getDriverName());
    }

    @Override
    public String getDriverVersion() throws SQLException {
        return get(metaData -> metaData.getDriverVersion());
    }

    @Override
    public int getDriverMajorVersion() {
        return delegate().getDriverMajorVersion();
    }

    @Override
    public int getDriverMinorVersion() {
        return delegate().getDriverMinorVersion();
    }

    @Override
    public String getIdentifierQuoteString() throws SQLException {
        return get(metaData -> metaData.getIdentifierQuoteString());
    }

    @Override
    public String getSQLKeywords() throws SQLException {
        return get(metaData -> metaData.getSQLKeywords());
    }

    @Override
    public String getNumericFunctions() throws SQLException {
        return get(metaData -> metaData.getNumericFunctions());
    }

    @Override
    public String getStringFunctions() throws SQLException {
        return get(metaData -> metaData.getStringFunctions());
    }

    @Override
    public String getSystemFunctions() throws SQLException {
        return get(metaData -> metaData.getSystemFunctions());
    }

    @Override
    public String getTimeDateFunctions() throws SQLException {
        return get(metaData -> metaData.getTimeDateFunctions());
    }

    @Override
    public String getSearchStringEscape() throws SQLException {
        return get(metaData -> metaData.getSearchStringEscape());
    }

    @Override
    public String getExtraNameCharacters() throws SQLException {
        return get(metaData -> metaData.getExtraNameCharacters());
    }

    @Override
    public String getSchemaTerm() throws SQLException {
        return get(metaData -> metaData.getSchemaTerm());
    }

    @Override
    public String getProcedureTerm() throws SQLException {
        return get(metaData -> metaData.getProcedureTerm());
    }

    @Override
    public String getCatalogTerm() throws SQLException {
        return get(metaData -> metaData.getCatalogTerm());
    }

    @Override
    public String getCatalogSeparator() throws SQLException {
        return get(metaData -> metaData.getCatalogSeparator());
    }

    @Override
    public int getMaxBinaryLiteralLength() throws SQLException {
        return asInt(metaData -> metaData.getMaxBinaryLiteralLength());
    }

    @Override
    public int getMaxCharLiteralLength() throws SQLException {
        return asInt(metaData -> metaData.getMaxCharLiteralLength());
    }

    @Override
    public int getMaxColumnNameLength() throws SQLException {
        return asInt(metaData -> metaData.getMaxColumnNameLength());
    }

    @Override
    public int getMaxColumnsInGroupBy() throws SQLException {
        return asInt(metaData -> metaData.getMaxColumnsInGroupBy());
    }

    @Override
    public int getMaxColumnsInIndex() throws SQLException {
        return asInt(metaData -> metaData.getMaxColumnsInIndex());
    }

    @Override
    public int getMaxColumnsInOrderBy() throws SQLException {
        return asInt(metaData -> metaData.getMaxColumnsInOrderBy());
    }

    @Override
    public int getMaxColumnsInSelect() throws SQLException {
        return asInt(metaData -> metaData.getMaxColumnsInSelect());
    }

    @Override
    public int getMaxColumnsInTable() throws SQLException {
        return asInt(metaData -> metaData.getMaxColumnsInTable());
    }

    @Override
    public int getMaxConnections() throws SQLException {
        return asInt(metaData -> metaData.getMaxConnections());
    }

    @Override
    public int getMaxCursorNameLength() throws SQLException {
        return asInt(metaData -> metaData.getMaxCursorNameLength());
    }

    @Override
    public int getMaxIndexLength() throws SQLException {
        return asInt(metaData -> metaData.getMaxIndexLength());
    }

    @Override
    public int getMaxSchemaNameLength() throws SQLException {
        return asInt(metaData -> metaData.getMaxSchemaNameLength());
    }

    @Override
    public int getMaxProcedureNameLength() throws SQLException {
        return asInt(metaData -> metaData.getMaxProcedureNameLength());
    }

    @Override
    public int getMaxCatalogNameLength() throws SQLException {
        return asInt(metaData -> metaData.getMaxCatalogNameLength());
    }

    @Override
    public int getMaxRowSize() throws SQLException {
        return asInt(metaData -> metaData.getMaxRowSize());
    }

    @Override
    public int getMaxStatementLength() throws SQLException {
        return asInt(metaData -> metaData.getMaxStatementLength());
    }

    @Override
    public int getMaxStatements() throws SQLException {
        return asInt(metaData -> metaData.getMaxStatements());
    }

    @Override
    public int getMaxTableNameLength() throws SQLException {
        return asInt(metaData -> metaData.getMaxTableNameLength());
    }

    @Override
    public int getMaxTablesInSelect() throws SQLException {
        return asInt(metaData -> metaData.getMaxTablesInSelect());
    }

    @Override
    public int getMaxUserNameLength() throws SQLException {
        return asInt(metaData -> metaData.getMaxUserNameLength());
    }

    @Override
    public int getDefaultTransactionIsolation() throws SQLException {
        return asInt(metaData -> metaData.getDefaultTransactionIsolation());
    }

    @Override
    public int getResultSetHoldability() throws SQLException {
        return asInt(metaData -> metaData.getResultSetHoldability());
    }

    @Override
    public int getDatabaseMajorVersion() throws SQLException {
        return asInt(metaData -> metaData.getDatabaseMajorVersion());
    }

    @Override
    public int getDatabaseMinorVersion() throws SQLException {
        return asInt(metaData -> metaData.getDatabaseMinorVersion());
    }

    @Override
    public int getJDBCMajorVersion() throws SQLException {
        return asInt(metaData -> metaData.getJDBCMajorVersion());
    }

    @Override
    public int getJDBCMinorVersion() throws SQLException {
        return asInt(metaData -> metaData.getJDBCMinorVersion());
    }

    @Override
    public int getSQLStateType() throws SQLException {
        return asInt(metaData -> metaData.getSQLStateType());
    }

    @Override
    public RowIdLifetime getRowIdLifetime() throws SQLException {
        return get(metaData -> metaData.getRowIdLifetime());
    }

    @Override
    public long getMaxLogicalLobSize() throws SQLException {
        return asLong(metaData -> metaData.getMaxLogicalLobSize());
    }

    @Override
    public boolean allProceduresAreCallable() throws SQLException {
        return asBoolean(metaData -> metaData.allProceduresAreCallable());
    }

    @Override
    public boolean allTablesAreSelectable() throws SQLException {
        return asBoolean(metaData -> metaData.allTablesAreSelectable());
    }

    @Override
    public boolean isReadOnly() throws SQLException {
        return asBoolean(metaData -> metaData.isReadOnly());
    }

    @Override
    public boolean nullsAreSortedHigh() throws SQLException {
        return asBoolean(metaData -> metaData.nullsAreSortedHigh());
    }

    @Override
    public boolean nullsAreSortedLow() throws SQLException {
        return asBoolean(metaData -> metaData.nullsAreSortedLow());
    }

    @Override
    public boolean nullsAreSortedAtStart() throws SQLException {
        return asBoolean(metaData -> metaData.nullsAreSortedAtStart());
    }

    @Override
    public boolean nullsAreSortedAtEnd() throws SQLException {
        return asBoolean(metaData -> metaData.nullsAreSortedAtEnd());
    }

    @Override
    public boolean usesLocalFiles() throws SQLException {
        return asBoolean(metaData -> metaData.usesLocalFiles());
    }

    @Override
    public boolean usesLocalFilePerTable() throws SQLException {
        return asBoolean(metaData -> metaData.usesLocalFilePerTable());
    }

    @Override
    public boolean storesUpperCaseIdentifiers() throws SQLException {
        return asBoolean(metaData -> metaData.storesUpperCaseIdentifiers());
    }

    @Override
    public boolean storesLowerCaseIdentifiers() throws SQLException {
        return asBoolean(metaData -> metaData.storesLowerCaseIdentifiers());
    }

    @Override
    public boolean storesMixedCaseIdentifiers() throws SQLException {
        return asBoolean(metaData -> metaData.storesMixedCaseIdentifiers());
    }

    @Override
    public boolean storesUpperCaseQuotedIdentifiers() throws SQLException {
        return asBoolean(metaData -> metaData.storesUpperCaseQuotedIdentifiers());
    }

    @Override
    public boolean storesLowerCaseQuotedIdentifiers() throws SQLException {
        return asBoolean(metaData -> metaData.storesLowerCaseQuotedIdentifiers());
    }

    @Override
    public boolean storesMixedCaseQuotedIdentifiers() throws SQLException {
        return asBoolean(metaData -> metaData.storesMixedCaseQuotedIdentifiers());
    }

    @Override
    public boolean nullPlusNonNullIsNull() throws SQLException {
        return asBoolean(metaData -> metaData.nullPlusNonNullIsNull());
    }

    @Override
    public boolean isCatalogAtStart() throws SQLException {
        return asBoolean(metaData -> metaData.isCatalogAtStart());
    }

    @Override
    public boolean doesMaxRowSizeIncludeBlobs() throws SQLException {
        return asBoolean(metaData -> metaData.doesMaxRowSizeIncludeBlobs());
    }

    @Override
    public boolean dataDefinitionCausesTransactionCommit() throws SQLException {
        return asBoolean(metaData -> metaData.dataDefinitionCausesTransactionCommit());
    }

    @Override
    public boolean dataDefinitionIgnoredInTransactions() throws SQLException {
        return asBoolean(metaData -> metaData.dataDefinitionIgnoredInTransactions());
    }

    @Override
    public boolean ownUpdatesAreVisible(int type) throws SQLException {
        return asBoolean(metaData -> metaData.ownUpdatesAreVisible(type));
    }

    @Override
    public boolean ownDeletesAreVisible(int type) throws SQLException {
        return asBoolean(metaData -> metaData.ownDeletesAreVisible(type));
    }

    @Override
    public boolean ownInsertsAreVisible(int type) throws SQLException {
        return asBoolean(metaData -> metaData.ownInsertsAreVisible(type));
    }

    @Override
    public boolean othersUpdatesAreVisible(int type) throws SQLException {
        return asBoolean(metaData -> metaData.othersUpdatesAreVisible(type));
    }

    @Override
    public boolean othersDeletesAreVisible(int type) throws SQLException {
        return asBoolean(metaData -> metaData.othersDeletesAreVisible(type));
    }

    @Override
    public boolean othersInsertsAreVisible(int type) throws SQLException {
        return asBoolean(metaData -> metaData.othersInsertsAreVisible(type));
    }

    @Override
    public boolean updatesAreDetected(int type) throws SQLException {
        return asBoolean(metaData -> metaData.updatesAreDetected(type));
    }

    @Override
    public boolean deletesAreDetected(int type) throws SQLException {
        return asBoolean(metaData -> metaData.deletesAreDetected(type));
    }

    @Override
    public boolean insertsAreDetected(int type) throws SQLException {
        return asBoolean(metaData -> metaData.insertsAreDetected(type));
    }

    @Override
    public boolean locatorsUpdateCopy() throws SQLException {
        return asBoolean(metaData -> metaData.locatorsUpdateCopy());
    }

    @Override
    public boolean autoCommitFailureClosesAllResultSets() throws SQLException {
        return asBoolean(metaData -> metaData.autoCommitFailureClosesAllResultSets());
    }

    @Override
    public boolean generatedKeyAlwaysReturned() throws SQLException {
        return asBoolean(metaData -> metaData.generatedKeyAlwaysReturned());
    }
}
