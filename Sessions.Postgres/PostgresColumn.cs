using Npgsql;
using NpgsqlTypes;

namespace Sessions.Postgres;

/// <summary>A column of a session, and what it holds of one: as a parameter for one row, and for many rows at once as an array.</summary>
internal abstract class PostgresColumn(string name)
{
    public string Name => name;

    public abstract NpgsqlParameter Of(Session session);

    public abstract NpgsqlParameter Of(IReadOnlyList<Session> sessions);

    public static PostgresColumn For<T>(string name, NpgsqlDbType type, Func<Session, T> value) => new Typed<T>(name, type, value);

    private sealed class Typed<T>(string name, NpgsqlDbType type, Func<Session, T> value) : PostgresColumn(name)
    {
        public override NpgsqlParameter Of(Session session) => PostgresParameter.Of(type, value(session));

        public override NpgsqlParameter Of(IReadOnlyList<Session> sessions) =>
            PostgresParameter.Of(NpgsqlDbType.Array | type, sessions.Select(value).ToArray());
    }
}
