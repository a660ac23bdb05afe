using Npgsql;
using NpgsqlTypes;

namespace Sessions.Postgres;

/// <summary>A column of a session, and what it holds of one: as a parameter for one row, and for many rows at once as an array.</summary>
internal abstract class PostgresColumn(string name)
{
    public string Name => name;

    public abstract NpgsqlParameter CreateParameter(Session session);

    public abstract NpgsqlParameter CreateParameter(IReadOnlyList<Session> sessions);

    public static PostgresColumn Create<T>(string name, NpgsqlDbType type, Func<Session, T> value) => new Typed<T>(name, type, value);

    private sealed class Typed<T>(string name, NpgsqlDbType type, Func<Session, T> value) : PostgresColumn(name)
    {
        public override NpgsqlParameter CreateParameter(Session session) => PostgresParameter.Create(type, value(session));

        public override NpgsqlParameter CreateParameter(IReadOnlyList<Session> sessions) =>
            PostgresParameter.Create(NpgsqlDbType.Array | type, sessions.Select(value).ToArray());
    }
}
