using System.Text.Json;

namespace Sessions.Diagnostics;

/// <summary>The values of an enum as OpenTelemetry writes attribute values: snake case, made once.</summary>
internal static class MetricNames
{
    public static string Format<T>(T value)
        where T : struct, Enum => Table<T>.Names[value];

    private static class Table<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<T, string> Names = Enum.GetValues<T>()
            .ToDictionary(static value => value, static value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
    }
}
