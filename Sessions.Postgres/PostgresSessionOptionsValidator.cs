using System.Text;
using Sessions.Stores;

namespace Sessions.Postgres;

/// <inheritdoc />
internal sealed class PostgresSessionOptionsValidator : SessionStoreOptionsValidator<PostgresSessionOptions>
{
    protected override IEnumerable<string> GetFailures(PostgresSessionOptions options)
    {
        if ((options.ConnectionString is null) == (options.DataSource is null))
        {
            yield return "Set either ConnectionString or DataSource, and not both.";
        }

        if (!IsName(options.Schema, 63))
        {
            yield return "Schema is not a name. Set it to 1 to 63 bytes of UTF-8 without U+0000.";
        }

        if (options.Table is { } table && !IsName(table, 53))
        {
            yield return "Table is not a name (the default ends in the name of the sessions). Set it to 1 to 53 bytes of UTF-8 without U+0000.";
        }
    }

    private static bool IsName(string name, int maxBytes) =>
        name.Length > 0 && !name.Contains('\0', StringComparison.Ordinal) && Encoding.UTF8.GetByteCount(name) <= maxBytes;
}
