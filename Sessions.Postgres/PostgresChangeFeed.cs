using Dapper;
using Npgsql;
using Sessions.Stores;

namespace Sessions.Postgres;

/// <summary>
/// Listens on a connection of its own. That it receives what the store writes is proved once, from end to end; afterwards one query per
/// heartbeat checks that it still listens.
/// </summary>
internal sealed class PostgresChangeFeed(PostgresConnection database, string channel, string? connectionString, TimeProvider time)
{
    /// <summary>One connection, until it is lost.</summary>
    public async Task ListenAsync(ChangeFeedBroker broker, CancellationToken cancellationToken)
    {
        var connection = await database.OpenUnpooledAsync(connectionString, cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            connection.Notification += (_, told) => broker.PublishMessage(told.Channel == channel ? told.Payload : null);
            await ExecuteAsync(connection, $"LISTEN {channel}", cancellationToken).ConfigureAwait(false);
            await VerifyDeliveryAsync(connection, cancellationToken).ConfigureAwait(false);
            broker.ReportConnected();
            while (true)
            {
                await WaitForHeartbeatAsync(connection, cancellationToken).ConfigureAwait(false);
                if (!await IsListeningAsync(connection, cancellationToken).ConfigureAwait(false))
                {
                    throw CreateNotDeliveredException();
                }

                broker.ReportHeartbeat();
            }
        }
    }

    private static SessionConfigurationException CreateNotDeliveredException() =>
        new(
            "What the session store publishes does not arrive on the connection that listens. Where PgBouncer or another pooler shares out connections by the transaction, set "
                + "FeedConnectionString to the server itself; where it is set, to the database of the sessions."
        );

    private Task<bool> IsListeningAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection
            .Command<object?>($"SELECT '{channel}' IN (SELECT pg_listening_channels())")
            .ExecuteScalarAsync<bool>(null, cancellationToken);

    private static Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken) =>
        connection.Command<object?>(sql).ExecuteAsync(null, cancellationToken);

    /// <summary>Sends something by the way that writes go, and waits until it comes back.</summary>
    private async Task VerifyDeliveryAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var (echo, nonce) = ($"{channel}_echo", ChangeFeedBroker.CreateNonce());
        var heard = false;
        connection.Notification += (_, told) => heard |= told.Payload == nonce;
        await ExecuteAsync(connection, $"LISTEN {echo}", cancellationToken).ConfigureAwait(false);
        var statement = PostgresConnection.CreateStatement(
            "SELECT pg_notify($1, $2)",
            PostgresParameter.Text(echo),
            PostgresParameter.Text(nonce)
        );
        using var limit = new CancellationTokenSource(ChangeFeedBroker.HeartbeatTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await database.QueryAsync(static _ => true, either.Token, statement).ConfigureAwait(false);
            while (!heard)
            {
                await connection.WaitAsync(either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw CreateNotDeliveredException();
        }

        await ExecuteAsync(connection, $"UNLISTEN {echo}", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Receives messages until the next heartbeat. A wait that was cancelled leaves the connection as it is.</summary>
    private async Task WaitForHeartbeatAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var beat = new CancellationTokenSource(ChangeFeedBroker.HeartbeatInterval, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(beat.Token, cancellationToken);
        try
        {
            while (true)
            {
                await connection.WaitAsync(either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The next heartbeat is due.
        }
    }
}
