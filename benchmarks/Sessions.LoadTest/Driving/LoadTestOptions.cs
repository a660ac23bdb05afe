using System.Globalization;
using Sessions.LoadTest.Contenders;

namespace Sessions.LoadTest.Driving;

/// <summary>How long, and who.</summary>
internal sealed record LoadTestOptions
{
    public const string Usage =
        "Arguments: --full (longer), --rounds N (at least 5), --seconds N, --only name,name (the bare endpoint always takes part). "
        + "serve <contender> <connection> starts one server, report [--full] writes the report of what was measured before.";

    public int Rounds { get; private init; } = 5;

    /// <summary>Of each contender in each round, at many connections.</summary>
    public int Seconds { get; private init; } = 2;

    public int SecondsAlone { get; private init; } = 1;

    public int WarmUpSeconds { get; private init; } = 2;

    public IReadOnlyList<Contender> Contenders { get; private init; } = ContenderList.List;

    /// <summary>Null: there is something among the arguments that means nothing here.</summary>
    public static LoadTestOptions? Parse(string[] arguments)
    {
        var options = new LoadTestOptions();
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            var read = arguments[i] switch
            {
                "--full" => options with { Seconds = 3, SecondsAlone = 2, WarmUpSeconds = 3 },
                "--rounds" when Number(value) is >= 5 and var rounds => options with { Rounds = rounds },
                "--seconds" when Number(value) is >= 1 and var seconds => options with { Seconds = seconds, SecondsAlone = seconds },
                "--only" when Chosen(value) is { } chosen => options with { Contenders = chosen },
                _ => null,
            };
            if (read is null)
            {
                return null;
            }

            options = read;
            i += arguments[i] == "--full" ? 0 : 1;
        }

        return options;
    }

    private static int Number(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static Contender[]? Chosen(string names)
    {
        var chosen = names.Split(',').Select(ContenderList.Find).OfType<Contender>().ToArray();
        return chosen.Length == names.Split(',').Length ? [.. chosen.Prepend(BareContender.Value).Distinct()] : null;
    }
}
