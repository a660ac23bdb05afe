using NUnit.Framework.Constraints;

namespace Sessions.Testing;

/// <summary>How failures print what stores return: a session itself prints no more than its id, and two of one id would look alike.</summary>
internal static class SessionText
{
    /// <summary>For NUnit: sessions and what holds them are printed with their parts, anything else as before.</summary>
    public static ValueFormatter AddTo(ValueFormatter next) => value => Format(value) ?? next(value);

    /// <summary>The text of a value outside an assertion.</summary>
    public static string Describe(object? value) => Format(value) ?? $"'{value ?? "null"}'";

    private static string? Format(object? value) =>
        value switch
        {
            Session session => $"<{SessionDifference.Describe(session)}>",
            SessionUpdate { Session: { } session } update => $"<{update.Outcome}, {SessionDifference.Describe(session)}>",
            SessionUpdate update => $"<{update.Outcome}>",
            SessionLookup { Session: { } session } => $"<{SessionDifference.Describe(session)}>",
            SessionLookup { Marker: SessionMarker.None } => "<neither a session nor a marker>",
            SessionLookup lookup => $"<marker {lookup.Marker}>",
            SessionChange change => $"<{change.Kind} {change.Id}>",
            SessionTouch touch => $"<touch of {touch.Id}, last seen {touch.LastSeenAt:O}, expires {touch.ExpiresAt:O}>",
            SessionTag tag => $"<{tag.Name}={tag.Value}>",
            KeyValuePair<string, string> pair => $"\"{pair.Key}\": \"{pair.Value}\"",
            _ => null,
        };
}
