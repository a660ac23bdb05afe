using Npgsql;
using Sessions.Tests.Testing;

namespace Sessions.Tests.Postgres;

/// <summary>A role of its own for the stores of a test, so that the test can lock out them and nothing else on the shared server.</summary>
internal sealed class PostgresTestRole
{
    private readonly PostgresTestSchema _schema;
    private readonly string _name;

    private PostgresTestRole(PostgresTestSchema schema)
    {
        _schema = schema;
        _name = schema.Name.Replace("\"", "", StringComparison.Ordinal);
    }

    public string ConnectionString =>
        new NpgsqlConnectionStringBuilder(_schema.ConnectionString) { Username = _name, Password = _name }.ConnectionString;

    public static async Task<PostgresTestRole> CreateAsync(PostgresTestSchema schema)
    {
        var role = new PostgresTestRole(schema);
        await schema.ExecuteAsync($"CREATE ROLE \"{role._name}\" SUPERUSER LOGIN PASSWORD '{role._name}'");
        return role;
    }

    /// <summary>Ends the connections of the role and lets it make none, until the result is disposed.</summary>
    public async Task<IAsyncDisposable> BreakAsync()
    {
        await _schema.ExecuteAsync($"ALTER ROLE \"{_name}\" NOLOGIN");
        var sessions = $"FROM pg_stat_activity WHERE usename = '{_name}'";
        // A connection ends a moment after it was told to.
        while (await _schema.ReadAsync<long>($"SELECT count(pg_terminate_backend(pid)) {sessions}") > 0) { }

        return new Repair(async () => await _schema.ExecuteAsync($"ALTER ROLE \"{_name}\" LOGIN"));
    }

    /// <summary>To be called when nothing of it is left.</summary>
    public Task DropAsync() => _schema.ExecuteAsync($"DROP ROLE \"{_name}\"");
}
