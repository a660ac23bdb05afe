using System.Data;
using System.Text.Json;

namespace Sessions.Stores;

/// <summary>For authors of stores: a record that cannot be read counts as signed out, with a report.</summary>
public static class CorruptRecordReporterExtensions
{
    /// <summary>What a row holds; the default: it cannot be read, and was reported.</summary>
    /// <typeparam name="TRow">A row as the backend returns it.</typeparam>
    /// <typeparam name="TResult">A session, a lookup, or what the store needs of them.</typeparam>
    /// <param name="reporter">Null: there is no report.</param>
    /// <param name="row">The row.</param>
    /// <param name="read">Reads it. Fails with an exception of those that damaged data leads to; any other is passed on.</param>
    /// <param name="getId">What names the row: the id as text, whatever stands there.</param>
    public static TResult? ReadOrDefault<TRow, TResult>(
        this CorruptRecordReporter? reporter,
        TRow row,
        Func<TRow, TResult> read,
        Func<TRow, string> getId
    )
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(getId);
        try
        {
            return read(row);
        }
        catch (Exception e) when (IsDamage(e))
        {
            reporter?.Report(getId(row), e);
            return default;
        }
    }

    // The last two are those of mappers and of drivers, for a value of another type than the column's.
    private static bool IsDamage(Exception e) =>
        e is FormatException or ArgumentException or OverflowException or JsonException or InvalidCastException or DataException;
}
