using System.Globalization;

namespace Sessions.Demo;

/// <summary>
/// The options, from the command line (<c>--store sqlite</c>), the environment (<c>Demo__Store=sqlite</c>) or appsettings.json (<c>"Demo":
/// { "Store": "sqlite" }</c>), in this order.
/// </summary>
internal sealed record DemoOptions(
    DemoStore Store,
    string? Connection,
    TimeSpan Lifetime,
    TimeSpan? Idle,
    TimeSpan? RotateAfter,
    TimeSpan? RotationGrace,
    TimeSpan? ReuseWindow,
    bool Cache,
    TimeSpan? Staleness,
    string? Phrase
)
{
    private const string DefaultUrl = "http://localhost:5080";

    private static readonly Dictionary<string, string> Switches = new()
    {
        ["--store"] = "Demo:Store",
        ["--connection"] = "Demo:Connection",
        ["--lifetime"] = "Demo:Lifetime",
        ["--idle"] = "Demo:Idle",
        ["--rotate-after"] = "Demo:RotateAfter",
        ["--rotation-grace"] = "Demo:RotationGrace",
        ["--reuse-window"] = "Demo:ReuseWindow",
        ["--cache"] = "Demo:Cache",
        ["--staleness"] = "Demo:Staleness",
        ["--phrase"] = "Demo:Phrase",
        ["--urls"] = "urls",
    };

    /// <summary>Turns <c>--store x</c> and <c>--store=x</c> into settings. What is misspelt is an error, not ignored.</summary>
    public static WebApplicationOptions CheckArguments(string[] arguments)
    {
        var settings = new List<string>();
        var queue = new Queue<string>(arguments.SelectMany(Split));
        while (queue.TryDequeue(out var name))
        {
            if (!Switches.TryGetValue(name, out var key))
            {
                throw new DemoOptionsException($"Unknown option {name}. Known are {string.Join(", ", Switches.Keys)}.");
            }

            if (!queue.TryDequeue(out var value))
            {
                throw new DemoOptionsException($"Option {name} needs a value.");
            }

            settings.Add($"{key}={value}");
        }

        // Beside the program, wherever it is started from.
        return new() { Args = [.. settings], ContentRootPath = AppContext.BaseDirectory };
    }

    // A connection string has an equals sign of its own.
    private static string[] Split(string argument) =>
        argument.StartsWith("--", StringComparison.Ordinal) ? argument.Split('=', 2) : [argument];

    public static DemoOptions Parse(ConfigurationManager configuration)
    {
        if (string.IsNullOrEmpty(configuration["urls"]))
        {
            configuration["urls"] = DefaultUrl;
        }

        CheckUrls(configuration["urls"]!);

        return new(
            DemoStore.Get(configuration["Demo:Store"] ?? DemoStore.Default),
            configuration["Demo:Connection"],
            ParseSpan("--lifetime", configuration["Demo:Lifetime"]) ?? TimeSpan.FromDays(14),
            ParseSpan("--idle", configuration["Demo:Idle"]),
            ParseSpan("--rotate-after", configuration["Demo:RotateAfter"]),
            ParseSpan("--rotation-grace", configuration["Demo:RotationGrace"]),
            ParseSpan("--reuse-window", configuration["Demo:ReuseWindow"]),
            ParseSwitch("--cache", configuration["Demo:Cache"]),
            ParseSpan("--staleness", configuration["Demo:Staleness"]),
            configuration["Demo:Phrase"]
        );
    }

    private static bool ParseSwitch(string option, string? text)
    {
        if (text is null)
        {
            return false;
        }

        return bool.TryParse(text, out var value) ? value : throw new DemoOptionsException($"{option} {text} is neither true nor false.");
    }

    private static void CheckUrls(string urls)
    {
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!IsAddress(url))
            {
                throw new DemoOptionsException($"--urls {url} is no address to listen on. Write scheme, host and port: {DefaultUrl}.");
            }
        }
    }

    private static bool IsAddress(string url)
    {
        try
        {
            return BindingAddress.Parse(url) is { Scheme: "http" or "https", Port: >= 0 and <= 65_535, PathBase: "" };
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static TimeSpan? ParseSpan(string option, string? text)
    {
        if (text is null)
        {
            return null;
        }

        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && span > TimeSpan.Zero
            ? span
            : throw new DemoOptionsException($"{option} {text} is no time span. Write hours, minutes and seconds: 12:00:00.");
    }
}
