package dev.tentpole.pool;

import java.sql.DatabaseMetaData;
import java.sql.SQLException;

/** What a database can do. */
abstract sealed class MetaDataFeatures extends Guarded<DatabaseMetaData> implements DatabaseMetaData
        permits MetaDataFacts {

    MetaDataFeatures(PooledConnection connection, DatabaseMetaData metaData) {
        super(connection, metaData);
    }

    @Override
    public boolean supportsMixedCaseIdentifiers() throws SQLException {
        return asBoolean(metaData -> metaData.supportsMixedCaseIdentifiers());
    }

    @Override
    public boolean supportsMixedCaseQuotedIdentifiers() throws SQLException {
        return asBoolean(metaData -> metaData.supportsMixedCaseQuotedIdentifiers());
    }

    @Override
    public boolean supportsAlterTableWithAddColumn() throws SQLException {
        return asBoolean(metaData -> metaData.supportsAlterTableWithAddColumn());
    }

    @Override
    public boolean supportsAlterTableWithDropColumn() throws SQLException {
        return asBoolean(metaData -> metaData.supportsAlterTableWithDropColumn());
    }

    @Override
    public boolean supportsColumnAliasing() throws SQLException {
        return asBoolean(metaData -> metaData.supportsColumnAliasing());
    }

    @Override
    public boolean supportsConvert() throws SQLException {
        return asBoolean(metaData -> metaData.supportsConvert());
    }

    @Override
    public boolean supportsConvert(int fromType, int toType) throws SQLException {
        return asBoolean(metaData -> metaData.supportsConvert(fromType, toType));
    }

    @Override
    public boolean supportsTableCorrelationNames() throws SQLException {
        return asBoolean(metaData -> metaData.supportsTableCorrelationNames());
    }

    @Override
    public boolean supportsDifferentTableCorrelationNames() throws SQLException {
        return asBoolean(metaData -> metaData.supportsDifferentTableCorrelationNames());
    }

    @Override
    public boolean supportsExpressionsInOrderBy() throws SQLException {
        return asBoolean(metaData -> metaData.supportsExpressionsInOrderBy());
    }

    @Override
    public boolean supportsOrderByUnrelated() throws SQLException {
        return asBoolean(metaData -> metaData.supportsOrderByUnrelated());
    }

    @Override
    public boolean supportsGroupBy() throws SQLException {
        return asBoolean(metaData -> metaData.supportsGroupBy());
    }

    @Override
    public boolean supportsGroupByUnrelated() throws SQLException {
        return asBoolean(metaData -> metaData.supportsGroupByUnrelated());
    }

    @Override
    public boolean supportsGroupByBeyondSelect() throws SQLException {
        return asBoolean(metaData -> metaData.supportsGroupByBeyondSelect());
    }

    @Override
    public boolean supportsLikeEscapeClause() throws SQLException {
        return asBoolean(metaData -> metaData.supportsLikeEscapeClause());
    }

    @Override
    public boolean supportsMultipleResultSets() throws SQLException {
        return asBoolean(metaData -> metaData.supportsMultipleResultSets());
    }

    @Override
    public boolean supportsMultipleTransactions() throws SQLException {
        return asBoolean(metaData -> metaData.supportsMultipleTransactions());
    }

    @Override
    public boolean supportsNonNullableColumns() throws SQLException {
        return asBoolean(metaData -> metaData.supportsNonNullableColumns());
    }

    @Override
    public boolean supportsMinimumSQLGrammar() throws SQLException {
        return asBoolean(metaData -> metaData.supportsMinimumSQLGrammar());
    }

    @Override
    public boolean supportsCoreSQLGrammar() throws SQLException {
        return asBoolean(metaData -> metaData.supportsCoreSQLGrammar());
    }

    @Override
    public boolean supportsExtendedSQLGrammar() throws SQLException {
        return asBoolean(metaData -> metaData.supportsExtendedSQLGrammar());
    }

    @Override
    public boolean supportsANSI92EntryLevelSQL() throws SQLException {
        return asBoolean(metaData -> metaData.supportsANSI92EntryLevelSQL());
    }

    @Override
    public boolean supportsANSI92IntermediateSQL() throws SQLException {
        return asBoolean(metaData -> metaData.supportsANSI92IntermediateSQL());
    }

    @Override
    public boolean supportsANSI92FullSQL() throws SQLException {
        return asBoolean(metaData -> metaData.supportsANSI92FullSQL());
    }

    @Override
    public boolean supportsIntegrityEnhancementFacility() throws SQLException {
        return asBoolean(metaData -> metaData.supportsIntegrityEnhancementFacility());
    }

    @Override
    public boolean supportsOuterJoins() throws SQLException {
        return asBoolean(metaData -> metaData.supportsOuterJoins());
    }

    @Override
    public boolean supportsFullOuterJoins() throws SQLException {
        return asBoolean(metaData -> metaData.supportsFullOuterJoins());
    }

    @Override
    public boolean supportsLimitedOuterJoins() throws SQLException {
        return asBoolean(metaData -> metaData.supportsLimitedOuterJoins());
    }

    @Override
    public boolean supportsSchemasInDataManipulation() throws SQLException {
        return asBoolean(metaData -> metaData.supportsSchemasInDataManipulation());
    }

    @Override
    public boolean supportsSchemasInProcedureCalls() throws SQLException {
        return asBoolean(metaData -> metaData.supportsSchemasInProcedureCalls());
    }

    @Override
    public boolean supportsSchemasInTableDefinitions() throws SQLException {
        return asBoolean(metaData -> metaData.supportsSchemasInTableDefinitions());
    }

    @Override
    public boolean supportsSchemasInIndexDefinitions() throws SQLException {
        return asBoolean(metaData -> metaData.supportsSchemasInIndexDefinitions());
    }

    @Override
    public boolean supportsSchemasInPrivilegeDefinitions() throws SQLException {
        return asBoolean(metaData -> metaData.supportsSchemasInPrivilegeDefinitions());
    }

    @Override
    public boolean supportsCatalogsInDataManipulation() throws SQLException {
        return asBoolean(metaData -> metaData.supportsCatalogsInDataManipulation());
    }

    @Override
    public boolean supportsCatalogsInProcedureCalls() throws SQLException {
        return asBoolean(metaData -> metaData.supportsCatalogsInProcedureCalls());
    }

    @Override
    public boolean supportsCatalogsInTableDefinitions() throws SQLException {
        return asBoolean(metaData -> metaData.supportsCatalogsInTableDefinitions());
    }

    @Override
    public boolean supportsCatalogsInIndexDefinitions() throws SQLException {
        return asBoolean(metaData -> metaData.supportsCatalogsInIndexDefinitions());
    }

    @Override
    public boolean supportsCatalogsInPrivilegeDefinitions() throws SQLException {
        return asBoolean(metaData -> metaData.supportsCatalogsInPrivilegeDefinitions());
    }

    @Override
    public boolean supportsPositionedDelete() throws SQLException {
        return asBoolean(metaData -> metaData.supportsPositionedDelete());
    }

    @Override
    public boolean supportsPositionedUpdate() throws SQLException {
        return asBoolean(metaData -> metaData.supportsPositionedUpdate());
    }

    @Override
    public boolean supportsSelectForUpdate() throws SQLException {
        return asBoolean(metaData -> metaData.supportsSelectForUpdate());
    }

    @Override
    public boolean supportsStoredProcedures() throws SQLException {
        return asBoolean(metaData -> metaData.supportsStoredProcedures());
    }

    @Override
    public boolean supportsSubqueriesInComparisons() throws SQLException {
        return asBoolean(metaData -> metaData.supportsSubqueriesInComparisons());
    }

    @Override
    public boolean supportsSubqueriesInExists() throws SQLException {
        return asBoolean(metaData -> metaData.supportsSubqueriesInExists());
    }

    @Override
    public boolean supportsSubqueriesInIns() throws SQLException {
        return asBoolean(metaData -> metaData.supportsSubqueriesInIns());
    }

    @Override
    public boolean supportsSubqueriesInQuantifieds() throws SQLException {
        return asBoolean(metaData -> metaData.supportsSubqueriesInQuantifieds());
    }

    @Override
    public boolean supportsCorrelatedSubqueries() throws SQLException {
        return asBoolean(metaData -> metaData.supportsCorrelatedSubqueries());
    }

    @Override
    public boolean supportsUnion() throws SQLException {
        return asBoolean(metaData -> metaData.supportsUnion());
    }

    @Override
    public boolean supportsUnionAll() throws SQLException {
        return asBoolean(metaData -> metaData.supportsUnionAll());
    }

    @Override
    public boolean supportsOpenCursorsAcrossCommit() throws SQLException {
        return asBoolean(metaData -> metaData.supportsOpenCursorsAcrossCommit());
    }

    @Override
    public boolean supportsOpenCursorsAcrossRollback() throws SQLException {
        return asBoolean(metaData -> metaData.supportsOpenCursorsAcrossRollback());
    }

    @Override
    public boolean supportsOpenStatementsAcrossCommit() throws SQLException {
        return asBoolean(metaData -> metaData.supportsOpenStatementsAcrossCommit());
    }

    @Override
    public boolean supportsOpenStatementsAcrossRollback() throws SQLException {
        return asBoolean(metaData -> metaData.supportsOpenStatementsAcrossRollback());
    }

    @Override
    public boolean supportsTransactions() throws SQLException {
        return asBoolean(metaData -> metaData.supportsTransactions());
    }

    @Override
    public boolean supportsTransactionIsolationLevel(int level) throws SQLException {
        return asBoolean(metaData -> metaData.supportsTransactionIsolationLevel(level));
    }

    @Override
    public boolean supportsDataDefinitionAndDataManipulationTransactions() throws SQLException {
        return asBoolean(metaData -> metaData.supportsDataDefinitionAndDataManipulationTransactions());
    }

    @Override
    public boolean supportsDataManipulationTransactionsOnly() throws SQLException {
        return asBoolean(metaData -> metaData.supportsDataManipulationTransactionsOnly());
    }

    @Override
    public boolean supportsResultSetType(int type) throws SQLException {
        return asBoolean(metaData -> metaData.supportsResultSetType(type));
    }

    @Override
    public boolean supportsResultSetConcurrency(int type, int concurrency) throws SQLException {
        return asBoolean(metaData -> metaData.supportsResultSetConcurrency(type, concurrency));
    }

    @Override
    public boolean supportsBatchUpdates() throws SQLException {
        return asBoolean(metaData -> metaData.supportsBatchUpdates());
    }

    @Override
    public boolean supportsSavepoints() throws SQLException {
        return asBoolean(metaData -> metaData.supportsSavepoints());
    }

    @Override
    public boolean supportsNamedParameters() throws SQLException {
        return asBoolean(metaData -> metaData.supportsNamedParameters());
    }

    @Override
    public boolean supportsMultipleOpenResults() throws SQLException {
        return asBoolean(metaData -> metaData.supportsMultipleOpenResults());
    }

    @Override
    public boolean supportsGetGeneratedKeys() throws SQLException {
        return asBoolean(metaData -> metaData.supportsGetGeneratedKeys());
    }

    @Override
    public boolean supportsResultSetHoldability(int holdability) throws SQLException {
        return asBoolean(metaData -> metaData.supportsResultSetHoldability(holdability));
    }

    @Override
    public boolean supportsStatementPooling() throws SQLException {
        return asBoolean(metaData -> metaData.supportsStatementPooling());
    }

    @Override
    public boolean supportsStoredFunctionsUsingCallSyntax() throws SQLException {
        return asBoolean(metaData -> metaData.supportsStoredFunctionsUsingCallSyntax());
    }

    @Override
    public boolean supportsRefCursors() throws SQLException {
        return asBoolean(metaData -> metaData.supportsRefCursors());
    }

    @Override
    public boolean supportsSharding() throws SQLException {
        return asBoolean(metaData -> metaData.supportsSharding());
    }
}
