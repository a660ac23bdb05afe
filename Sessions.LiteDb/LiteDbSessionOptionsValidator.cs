using Sessions.Stores;

namespace Sessions.LiteDb;

/// <inheritdoc />
internal sealed class LiteDbSessionOptionsValidator : SessionStoreOptionsValidator<LiteDbSessionOptions>
{
    // All collections of a file share one page for their names.
    private const int MaxCollectionLength = 64;

    protected override IEnumerable<string> GetFailures(LiteDbSessionOptions options)
    {
        if (options.Database is not null && options.Path is not null)
        {
            yield return "Path and Database are both set; leave one of them out.";
        }
        else if (options.Database is null && GetPathFailure(options.Path) is { } failure)
        {
            yield return failure;
        }

        if (options.Collection is { } collection && !IsName(collection))
        {
            yield return $"Collection is \"{collection}\"; set it to at most {MaxCollectionLength} letters, digits and underscores, not a digit first.";
        }
    }

    private static bool IsName(string collection) =>
        collection.Length is > 0 and <= MaxCollectionLength
        && !char.IsAsciiDigit(collection[0])
        && collection.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');

    private static string? GetPathFailure(string? path)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
        {
            return "Path names no file; set it to one, such as \"sessions.litedb\", or set Database.";
        }

        if (Directory.Exists(path))
        {
            return $"Path is \"{path}\", which is a folder; name a file in it.";
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        return Directory.Exists(folder)
            ? null
            : $"The folder \"{folder}\" of the LiteDB file does not exist; create it, or name another in Path.";
    }
}
