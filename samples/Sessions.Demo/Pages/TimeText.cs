using System.Globalization;

namespace Sessions.Demo.Pages;

/// <summary>Instants as people read them.</summary>
internal static class TimeText
{
    public static Html Absolute(DateTimeOffset at) =>
        $"""<time datetime="{at.ToString("O", CultureInfo.InvariantCulture)}">{at.ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture)} UTC</time>""";

    public static Html Ago(DateTimeOffset at, DateTimeOffset now)
    {
        var age = now - at;
        var text = age switch
        {
            { TotalSeconds: < 60 } => "just now",
            _ => $"{Span(age)} ago",
        };
        return $"""<time datetime="{at.ToString("O", CultureInfo.InvariantCulture)}">{text}</time>""";
    }

    /// <summary>In its largest whole unit.</summary>
    public static string Span(TimeSpan span) =>
        span switch
        {
            { TotalMinutes: < 1 } => Count((int)span.TotalSeconds, "second"),
            { TotalHours: < 1 } => Count((int)span.TotalMinutes, "minute"),
            { TotalDays: < 1 } => Count((int)span.TotalHours, "hour"),
            _ => Count((int)span.TotalDays, "day"),
        };

    private static string Count(int count, string unit) => $"{count} {unit}{(count == 1 ? "" : "s")}";
}
