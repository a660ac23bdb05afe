namespace Sessions.Bench;

/// <summary>What the command line asks for: <c>[--full] [--only PART[,PART...]]...</c></summary>
internal sealed record BenchOptions(bool Full, IReadOnlySet<string> Only)
{
    /// <returns>Null, and a sentence on <paramref name="errors"/>: the arguments are not understood.</returns>
    public static BenchOptions? Read(ReadOnlySpan<string> arguments, TextWriter errors)
    {
        var full = false;
        var only = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--full")
            {
                full = true;
            }
            else if (arguments[i] != "--only")
            {
                errors.WriteLine($"Unknown argument {arguments[i]}. Known are --full and --only {Names}, several with commas between.");
                return null;
            }
            else if (++i == arguments.Length)
            {
                errors.WriteLine($"--only needs a part: {Names}.");
                return null;
            }
            else
            {
                only.UnionWith(arguments[i].Split(','));
            }
        }

        if (only.FirstOrDefault(static name => BenchPart.All.All(part => part.Name != name)) is { } unknown)
        {
            errors.WriteLine($"Unknown part {unknown}. Known are {Names}.");
            return null;
        }

        return new(full, only);
    }

    public bool ShouldRun(BenchPart part) => Only.Count > 0 ? Only.Contains(part.Name) : Full || !part.OnlyInFull;

    private static string Names => string.Join(", ", BenchPart.All.Select(static part => part.Name));
}
