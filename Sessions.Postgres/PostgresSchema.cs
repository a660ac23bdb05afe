using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Dapper;
using Npgsql;

namespace Sessions.Postgres;

/// <summary>
/// The table: how it is created and brought forward, and whether what is there can be trusted. Its version is in its comment, so that one
/// look at the catalog shows, nothing beside the table has to be stored, and a table of that name that another program made is never
/// touched.
/// </summary>
public sealed partial class PostgresSchema
{
    private const string Marker = "Sessions.Postgres, schema version ";

    // The catalog's tables and not to_regclass and its kin, which answer from a cache that a wait for a lock does not renew.
    private const string StateSql = """
        SELECT pg_backend_pid() AS backend,
            current_setting('server_version_num')::int AS server,
            current_setting('server_encoding') AS encoding,
            current_setting('transaction_isolation') AS isolation,
            nspname IS NOT NULL AS hasschema,
            relname IS NOT NULL AS hastable,
            obj_description(pg_class.oid, 'pg_class') AS comment,
            has_schema_privilege(pg_namespace.oid, 'USAGE')
                AND has_table_privilege(pg_class.oid, 'SELECT') AND has_table_privilege(pg_class.oid, 'INSERT')
                AND has_table_privilege(pg_class.oid, 'UPDATE') AND has_table_privilege(pg_class.oid, 'DELETE')
                AND (
                    SELECT bool_and(has_table_privilege(tags.oid, privilege))
                    FROM pg_class AS tags, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS privilege
                    WHERE tags.relnamespace = pg_namespace.oid AND tags.relname = @tags
                ) AS usable
        FROM (VALUES (@schema, @table)) AS wanted (schema, name)
            LEFT JOIN pg_namespace ON nspname = wanted.schema
            LEFT JOIN pg_class ON relnamespace = pg_namespace.oid AND relname = wanted.name
        """;

    private readonly PostgresSessionOptions _options;
    private readonly string _script;
    private readonly string _table;

    internal PostgresSchema(PostgresSessionOptions options, string script)
    {
        (_options, _script) = (options, script);
        _table = options.Table ?? "sessions";
        Table = $"{Quote(options.Schema)}.{Quote(_table)}";
        TagsTable = $"{Quote(options.Schema)}.{Quote($"{_table}_tags")}";
        LockSeed = ComputeLockSeed(Table);
    }

    internal PostgresSchema(PostgresSessionOptions options)
        : this(options, EmbeddedScript.Value) { }

    /// <summary>The table, quoted and with its schema.</summary>
    internal string Table { get; }

    /// <summary>The table of tags, quoted, with its schema.</summary>
    internal string TagsTable { get; }

    /// <summary>
    /// Keeps this table's advisory locks apart from those of other tables: locks are one space of numbers for the whole database.
    /// </summary>
    internal long LockSeed { get; }

    /// <summary>The channel of this table's changes: short, whatever the names of schema and table are.</summary>
    internal string Channel => $"sessions_{LockSeed:x16}";

    private static Lazy<string> EmbeddedScript { get; } =
        new(static () =>
        {
            using var stream = typeof(PostgresSchema).Assembly.GetManifestResourceStream("PostgresSchema.sql")!;
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        });

    /// <summary>
    /// What an administrator runs who does not let the application create tables: the file PostgresSchema.sql of the package, with the
    /// names of these options. The application itself then needs <c>USAGE</c> on the schema and <c>SELECT, INSERT, UPDATE, DELETE</c> on
    /// the table.
    /// </summary>
    public static string GetScript(PostgresSessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return string.Concat(new PostgresSchema(options).GetVersions().Select(static version => version.Sql));
    }

    /// <summary>Finds the table, creates it or brings it forward.</summary>
    /// <returns>
    /// The server's process at the other end; the connection knows another one, if there is a pool between that shares out its own
    /// connections.
    /// </returns>
    /// <exception cref="SessionConfigurationException">What is there cannot be used, or may not be created.</exception>
    internal async Task<int> PrepareAsync(NpgsqlConnection connection)
    {
        try
        {
            var found = await QueryStateAsync(connection).ConfigureAwait(false);
            CheckServer(found);
            if (IsOutdated(found))
            {
                await MigrateAsync(connection).ConfigureAwait(false);
                found = await QueryStateAsync(connection).ConfigureAwait(false);
            }

            return found.Usable is true
                ? found.Backend
                : throw new SessionConfigurationException(
                    $"The user of the database may not use {Table}. Run: GRANT USAGE ON SCHEMA {Quote(_options.Schema)} TO ...; "
                        + $"GRANT SELECT, INSERT, UPDATE, DELETE ON {Table} TO ..."
                );
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new SessionConfigurationException(
                $"The table {Table} is missing or of an older version, and the user of the database may not create it. Let an administrator run "
                    + $"PostgresSchema.sql of the package Sessions.Postgres, or what PostgresSchema.Script returns for these names.",
                e
            );
        }
    }

    private async Task MigrateAsync(NpgsqlConnection connection)
    {
        var transaction = await connection.BeginTransactionAsync().ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            // Nodes that start together take turns. The schema's lock, not the table's: two tables may need one schema.
            await connection
                .ExecuteAsync("SELECT pg_advisory_xact_lock(@key)", new { key = ComputeLockSeed(Quote(_options.Schema)) })
                .ConfigureAwait(false);
            var found = await QueryStateAsync(connection).ConfigureAwait(false);
            if (!found.HasSchema)
            {
                await connection.ExecuteAsync($"CREATE SCHEMA {Quote(_options.Schema)}").ConfigureAwait(false);
            }

            foreach (var version in GetVersions().Skip(GetVersion(found)))
            {
                await connection.ExecuteAsync(version.Sql).ConfigureAwait(false);
            }

            await transaction.CommitAsync().ConfigureAwait(false);
        }
    }

    private Task<PostgresTableState> QueryStateAsync(NpgsqlConnection connection) =>
        connection.QuerySingleAsync<PostgresTableState>(
            StateSql,
            new
            {
                schema = _options.Schema,
                table = _table,
                tags = $"{_table}_tags",
            }
        );

    private static void CheckServer(PostgresTableState state)
    {
        if (state.Server < 12_00_00)
        {
            throw new SessionConfigurationException("The PostgreSQL server is older than 12. Sessions need 12 or newer.");
        }

        if (state.Encoding != "UTF8")
        {
            throw new SessionConfigurationException(
                $"The database is encoded in {state.Encoding}, which cannot hold every text. Create one with ENCODING 'UTF8' for the sessions."
            );
        }

        // With a snapshot for the whole transaction, a statement behind a lock would not see what was committed while it waited.
        if (state.Isolation != "read committed")
        {
            throw new SessionConfigurationException(
                $"Transactions are {state.Isolation} by default. Sessions need read committed: ALTER ROLE ... SET default_transaction_isolation = 'read committed'."
            );
        }
    }

    private bool IsOutdated(PostgresTableState state)
    {
        var (version, known) = (GetVersion(state), GetVersions().Count());
        return version <= known
            ? version < known
            : throw new SessionConfigurationException(
                $"The table {Table} has schema version {version}, and this version of Sessions.Postgres knows {known}: update it on every node."
            );
    }

    private int GetVersion(PostgresTableState state) =>
        !state.HasTable ? 0
        : state.Comment is { } comment
        && comment.StartsWith(Marker, StringComparison.Ordinal)
        && int.TryParse(comment[Marker.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
        : throw new SessionConfigurationException(
            $"There is a table {Table} without the comment \"{Marker}...\". Does it belong to another program? Set Table or Schema to another name; "
                + "or, if the comment was lost, restore it with COMMENT ON TABLE."
        );

    /// <summary>The script's parts, with the names of the options and whatever stands before the first version left with it.</summary>
    private IEnumerable<(int Number, string Sql)> GetVersions() =>
        VersionLine().Split(_script).Skip(1).Select((sql, index) => (index + 1, ApplyNames(sql)));

    // The names are inserted last and in one pass, so that a name which looks like a placeholder is not replaced itself.
    private string ApplyNames(string sql) =>
        Placeholder()
            .Replace(
                _options.Unlogged ? sql.Replace("/* UNLOGGED */", "UNLOGGED", StringComparison.Ordinal) : sql,
                match => match.Value == "\"public\"" ? Quote(_options.Schema) : Quote(_table + match.Groups["index"].Value)
            );

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static long ComputeLockSeed(string name) => BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    [GeneratedRegex(@"^-- version \d+\r?$", RegexOptions.Multiline)]
    private static partial Regex VersionLine();

    [GeneratedRegex(
        """
            "public"|"sessions(?<index>(_\w+)?)"
            """
    )]
    private static partial Regex Placeholder();
}

/// <summary>What the catalog says of the table.</summary>
internal sealed record PostgresTableState(
    int Backend,
    int Server,
    string Encoding,
    string Isolation,
    bool HasSchema,
    bool HasTable,
    string? Comment,
    bool? Usable
);
