using Npgsql;

namespace Sessions.Postgres;

/// <content>Data sources and connections of our own.</content>
internal sealed partial class PostgresConnection
{
    /// <summary>Opens a connection beside the pool, which the caller keeps.</summary>
    /// <param name="connectionString">Where to; null: where all others go.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<NpgsqlConnection> OpenUnpooledAsync(string? connectionString, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString ?? _dataSource.ConnectionString)
        {
            Pooling = false,
            Multiplexing = false,
            Enlist = false,
            // A cancelled call ends once Npgsql has sent the cancellation, for which it may need a connection; -1: it does not wait for the
            // result.
            CancellationTimeout = -1,
            Timeout = 5,
        };
        if (settings.Host?.Contains(',', StringComparison.Ordinal) is true)
        {
            // A replica neither accepts writes nor sends their notifications.
            settings.TargetSessionAttributes = "primary";
        }

        var connection = connectionString is null
            ? await CloneConnectionAsync(settings.ConnectionString, cancellationToken).ConfigureAwait(false)
            : new NpgsqlConnection(settings.ConnectionString);
        try
        {
            using var outside = SuppressAmbientTransaction();
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Passwords and certificates of a data source are known to its connections only.</summary>
    private async Task<NpgsqlConnection> CloneConnectionAsync(string connectionString, CancellationToken cancellationToken)
    {
        var connection = _dataSource.CreateConnection();
        await using (connection.ConfigureAwait(false))
        {
            return await connection.CloneWithAsync(connectionString, cancellationToken).ConfigureAwait(false);
        }
    }

    private static NpgsqlDataSource CreateDataSource(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Enlist = false, NoResetOnClose = true };
        if (settings.Host?.Contains(',', StringComparison.Ordinal) is not true)
        {
            return NpgsqlDataSource.Create(settings);
        }

        // With several hosts Npgsql takes the role to look for from a view of the data source, and not from the connection string.
        var role = settings.TargetSessionAttributes is { } name
            ? Enum.Parse<TargetSessionAttributes>(name.Replace("-", "", StringComparison.Ordinal), ignoreCase: true)
            : TargetSessionAttributes.Primary;
        settings.TargetSessionAttributes = null;
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).BuildMultiHost().WithTargetSession(role);
    }
}
