using Npgsql;
using Sessions.Stores;

namespace Sessions.Postgres;

/// <summary>
/// Listens on a connection of its own. That it hears what the store writes is proved once, from end to end; afterwards the server is asked once per heartbeat whether it still listens.
/// </summary>
internal sealed class PostgresChangeFeed(PostgresConnection database, string channel, string? connectionString, TimeProvider time)
{
    /// <summary>Tells of the row <c>session</c> when the transaction commits. A message each: a payload ends at 8000 bytes, a statement that deletes many does not.</summary>
    /// <param name="channel">Needs no quotes.</param>
    /// <param name="kind">As in <see cref="ChangeFeedBroker.PublishMessage"/>.</param>
    public static string NotifySql(string channel, char kind) => $"pg_notify('{channel}', '{kind}' || session.id)::text";

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
            "What the session store tells does not arrive on the connection that listens. Where PgBouncer or another pooler shares out connections by the transaction, set "
                + "FeedConnectionString to the server itself; where it is set, to the database of the sessions."
        );

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(sql, connection);
        await using (command.ConfigureAwait(false))
        {
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> IsListeningAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand("SELECT $1 IN (SELECT pg_listening_channels())", connection);
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.Add(PostgresParameter.Text(channel));
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true;
        }
    }

    /// <summary>Sends something by the way that writes go, and waits until it comes back.</summary>
    private async Task VerifyDeliveryAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // From the one generator there is: what cannot be guessed cannot be forged.
        var (echo, nonce) = ($"{channel}_echo", SessionId.Create(null).ToString());
        var heard = false;
        connection.Notification += (_, told) => heard |= told.Payload == nonce;
        await ExecuteAsync(connection, $"LISTEN {echo}", cancellationToken).ConfigureAwait(false);
        var statement = new NpgsqlBatchCommand("SELECT pg_notify($1, $2)")
        {
            Parameters = { PostgresParameter.Text(echo), PostgresParameter.Text(nonce) },
        };
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

    /// <summary>Takes in what is told until the next heartbeat. A wait that was cancelled leaves the connection as it is.</summary>
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
            // It is time for the next one.
        }
    }
}
