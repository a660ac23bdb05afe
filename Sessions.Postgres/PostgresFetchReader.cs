using System.Data.Common;
using System.Net;

namespace Sessions.Postgres;

/// <summary>
/// Reads the row of a fetched session without Dapper, which puts each number and instant of a row into an object of its own: every request
/// waits for this one (docs/performance.md has the figures). Columns are read by their types, whatever the application's data source makes
/// of some.
/// </summary>
internal static class PostgresFetchReader
{
    public static PostgresSessionRecord Read(DbDataReader row)
    {
        // The initializers below run from top to bottom, and each takes the next column.
        var column = PostgresSessionRecord.IdOrdinal;
        return new()
        {
            Id = Next<string>(),
            Format = Next<short>(),
            UserKey = Optional<string>(),
            CreatedAt = Next<DateTimeOffset>(),
            LastSeenAt = Next<DateTimeOffset>(),
            ExpiresAt = Next<DateTimeOffset>(),
            EndsAt = Next<DateTimeOffset>(),
            IdleTimeoutMs = Next<long?>(),
            CustomLifetime = Next<bool>(),
            Persistent = Next<bool>(),
            Bearer = Next<bool>(),
            AuthenticatedAt = Next<DateTimeOffset?>(),
            AuthenticationMethod = Optional<string>(),
            Credential = Next<byte[]>(),
            ClientIp = Optional<IPAddress>(),
            ClientOs = Optional<string>(),
            ClientBrowser = Optional<string>(),
            ClientDevice = Next<short>(),
            ClientAgent = Optional<byte[]>(),
            LastIp = Optional<IPAddress>(),
            LastOs = Optional<string>(),
            LastBrowser = Optional<string>(),
            LastDevice = Next<short>(),
            LastAgent = Optional<byte[]>(),
            Values = Next<string>(),
            Marker = Next<short>(),
            Tags = Optional<string[]>(),
        };

        T? Optional<T>()
            where T : class => row.IsDBNull(column++) ? null : row.GetFieldValue<T>(column - 1);

        T Next<T>() => row.GetFieldValue<T>(column++);
    }
}
