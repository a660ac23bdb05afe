using System.Data.Common;
using System.Net.Sockets;
using System.Transactions;
using Npgsql;
using Sessions.Stores;

namespace Sessions.Postgres;

/// <summary>Sends statements, after the schema was prepared: every call one round trip, its statements one transaction.</summary>
internal sealed partial class PostgresConnection : IAsyncDisposable
{
    private readonly NpgsqlDataSource _dataSource;
    private readonly PostgresSchema _schema;
    private readonly bool? _prepareStatements;
    private readonly bool _ownsDataSource;
    private readonly SharedAttempt<bool> _preparation;
    private volatile bool _disposed;

    public PostgresConnection(PostgresSessionOptions options, PostgresSchema schema)
    {
        _schema = schema;
        _preparation = new SharedAttempt<bool>(PrepareOnceAsync);
        _ownsDataSource = options.DataSource is null;
        _dataSource = options.DataSource ?? CreateDataSource(options.ConnectionString!);
        // Which connection a statement of a multiplexing data source runs on, is not known before it runs.
        _prepareStatements = new NpgsqlConnectionStringBuilder(_dataSource.ConnectionString).Multiplexing
            ? false
            : options.PrepareStatements;
    }

    /// <summary>Prepares the schema, once: callers share one attempt, and the next call after one that failed makes another.</summary>
    /// <param name="cancellationToken">Cancels the wait for a server that has not answered. One that has is prepared to the end.</param>
    /// <returns>Whether statements are prepared.</returns>
    /// <exception cref="SessionConfigurationException">The schema cannot be used.</exception>
    /// <exception cref="SessionStoreException">The server cannot be reached.</exception>
    /// <exception cref="ObjectDisposedException">The store was disposed.</exception>
    public async Task<bool> PrepareAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(PostgresSessionStore));
        if (_preparation.Latest is not { IsCompletedSuccessfully: true })
        {
            await ReachAsync(cancellationToken).ConfigureAwait(false);
        }

        return await _preparation.GetAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Runs statements as one transaction in one round trip, and reads the rows of the last one.</summary>
    /// <exception cref="SessionStoreException">Anything that failed.</exception>
    public ValueTask<List<T>> QueryAsync<T>(
        Func<DbDataReader, T> readRow,
        CancellationToken cancellationToken,
        params IReadOnlyList<NpgsqlBatchCommand> statements
    ) => QueryAsync(readRow, () => statements, cancellationToken);

    /// <summary>Runs statements that are named when a connection is there. Without any nothing is sent, and no row read.</summary>
    /// <exception cref="SessionStoreException">Anything that failed.</exception>
    public async ValueTask<List<T>> QueryAsync<T>(
        Func<DbDataReader, T> readRow,
        Func<IReadOnlyList<NpgsqlBatchCommand>> createStatements,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_disposed, typeof(PostgresSessionStore));
        try
        {
            var prepare = await _preparation.GetAsync(cancellationToken).ConfigureAwait(false);
            using var outside = SuppressAmbientTransaction();
            var connection = await _dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                return createStatements() is [_, ..] statements
                    ? await QueryAsync(connection, prepare, readRow, statements, cancellationToken).ConfigureAwait(false)
                    : [];
            }
        }
        catch (SessionStoreException e)
        {
            // An attempt to prepare the schema, which other callers wait for, too.
            throw StoreFailure.Copy(e);
        }
        catch (Exception e) when (e is SessionConfigurationException || IsFailure(e, cancellationToken))
        {
            throw StoreFailure.Create("PostgreSQL", e);
        }
    }

    /// <summary>A statement with its parameters, which are numbered in this order.</summary>
    public static NpgsqlBatchCommand CreateStatement(string sql, params IEnumerable<NpgsqlParameter> parameters)
    {
        var statement = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            statement.Parameters.Add(parameter);
        }

        return statement;
    }

    public ValueTask DisposeAsync()
    {
        _disposed = true;
        return _ownsDataSource ? _dataSource.DisposeAsync() : ValueTask.CompletedTask;
    }

    private static async ValueTask<List<T>> QueryAsync<T>(
        NpgsqlConnection connection,
        bool prepare,
        Func<DbDataReader, T> readRow,
        IReadOnlyList<NpgsqlBatchCommand> statements,
        CancellationToken cancellationToken
    )
    {
        // Statements of a batch travel together and are one implicit transaction, in which each takes a snapshot of its own: a statement
        // behind one that waits for a lock sees what was committed meanwhile. That needs no BEGIN, no function on the server, and works
        // through PgBouncer.
        var batch = connection.CreateBatch();
        await using (batch.ConfigureAwait(false))
        {
            foreach (var statement in statements)
            {
                batch.BatchCommands.Add(statement);
            }

            if (prepare)
            {
                // Npgsql prepares a statement once per connection; afterwards this call finds it in a table.
                await batch.PrepareAsync(cancellationToken).ConfigureAwait(false);
            }

            var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                for (var skipped = 1; skipped < statements.Count; skipped++)
                {
                    await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
                }

                var rows = new List<T>();
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    rows.Add(readRow(reader));
                }

                // The server commits after the last row: until its final message the rows may still be rolled back.
                await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
                return rows;
            }
        }
    }

    private async Task ReachAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Npgsql takes no notice of a token while it waits for the first answer of a server.
            await OpenAndCloseAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsFailure(e, cancellationToken))
        {
            throw StoreFailure.Create("PostgreSQL", e);
        }
    }

    private async Task OpenAndCloseAsync()
    {
        using var outside = SuppressAmbientTransaction();
        var connection = await _dataSource.OpenConnectionAsync(CancellationToken.None).ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<bool> PrepareOnceAsync()
    {
        try
        {
            using var outside = SuppressAmbientTransaction();
            var connection = await _dataSource.OpenConnectionAsync(CancellationToken.None).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                var backend = await _schema.PrepareAsync(connection).ConfigureAwait(false);
                return _prepareStatements ?? backend == connection.ProcessID;
            }
        }
        catch (Exception e) when (IsFailure(e, CancellationToken.None))
        {
            throw StoreFailure.Create("PostgreSQL", e);
        }
    }

    /// <summary>What a session store promises holds when a call returns, and not when, or if, the caller's transaction commits.</summary>
    private static TransactionScope? SuppressAmbientTransaction() =>
        Transaction.Current is null ? null : new(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled);

    private static bool IsFailure(Exception e, CancellationToken cancellationToken) =>
        e switch
        {
            OperationCanceledException => !e.IsCancelledBy(cancellationToken),
            NpgsqlException or TimeoutException or IOException or SocketException or ObjectDisposedException => true,
            _ => false,
        };
}
