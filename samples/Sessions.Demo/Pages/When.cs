using System.Globalization;

namespace Sessions.Demo.Pages;

/// <summary>Instants as people read them.</summary>
internal static class When
{
    public static Html Absolute(DateTimeOffset at) =>
        $"""<time datetime="{at.ToString("O", CultureInfo.InvariantCulture)}">{at.ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture)} UTC</time>""";

    public static Html Ago(DateTimeOffset at, DateTimeOffset now)
    {
        var age = now - at;
        var text = age switch
        {
            { TotalSeconds: < 60 } => "just now",
            { TotalMinutes: < 60 } => Count((int)age.TotalMinutes, "minute"),
            { TotalHours: < 24 } => Count((int)age.TotalHours, "hour"),
            _ => Count((int)age.TotalDays, "day"),
        };
        return $"""<time datetime="{at.ToString("O", CultureInfo.InvariantCulture)}">{text}</time>""";
    }

    private static string Count(int count, string unit) => $"{count} {unit}{(count == 1 ? "" : "s")} ago";
}
