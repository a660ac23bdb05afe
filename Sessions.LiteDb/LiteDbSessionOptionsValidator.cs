using Microsoft.Extensions.Options;

namespace Sessions.LiteDb;

/// <summary>Checks options in sentences that say what to do.</summary>
internal sealed class LiteDbSessionOptionsValidator : IValidateOptions<LiteDbSessionOptions>
{
    // All collections of a file share one page for their names.
    private const int MaxCollectionLength = 64;

    // Whether a path is needed is known where the store is made, which is at start too.
    public ValidateOptionsResult Validate(string? name, LiteDbSessionOptions options)
    {
        var failures = Failures(options, ownsFile: options.Path is not null).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    public static IEnumerable<string> Failures(LiteDbSessionOptions options, bool ownsFile)
    {
        if ((ownsFile ? PathFailure(options.Path) : DatabaseFailure(options.Path)) is { } failure)
        {
            yield return failure;
        }

        var collection = options.Collection;
        if (
            string.IsNullOrEmpty(collection)
            || collection.Length > MaxCollectionLength
            || char.IsAsciiDigit(collection[0])
            || collection.Any(static letter => !char.IsAsciiLetterOrDigit(letter) && letter != '_')
        )
        {
            yield return $"Collection is \"{collection}\"; set it to at most {MaxCollectionLength} letters, digits and underscores, not a digit first.";
        }
    }

    private static string? DatabaseFailure(string? path) =>
        path is null ? null : "Path is set, but the application gives the database; leave one of them out.";

    private static string? PathFailure(string? path)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
        {
            return "Path names no file; set it to one, such as \"sessions.litedb\".";
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
