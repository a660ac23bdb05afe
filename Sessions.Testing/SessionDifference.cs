using System.Collections;
using System.Globalization;

namespace Sessions.Testing;

/// <summary>Says in which parts two sessions differ, since a session itself prints no more than its id.</summary>
internal static class SessionDifference
{
    public static string Describe(Session expected, Session? actual) =>
        actual is null
            ? "The session is not there."
            : string.Join(
                '\n',
                Parts(expected)
                    .Zip(Parts(actual))
                    .Where(pair => !Equals(pair.First.Value, pair.Second.Value))
                    .Select(pair => $"{pair.First.Name} is {Text(pair.Second.Value)} instead of {Text(pair.First.Value)}.")
            );

    /// <summary>All parts of a session that say something, in one line.</summary>
    public static string Describe(Session session) =>
        string.Join(
            ", ",
            Parts(session).Where(part => !IsEmpty(part.Value)).Select(part => $"{part.Name} {Text(part.Value)}").Prepend("Session")
        );

    private static bool IsEmpty(object? part) =>
        part is null or false or 0 or Sha256Hash or CredentialSalt
        || Equals(part, ClientInfo.Unknown)
        || part is IEnumerable list and not string && !list.Cast<object>().Any();

    private static (string Name, object? Value)[] Parts(Session session) =>
        [
            (nameof(session.Id), session.Id),
            (nameof(session.UserKey), session.UserKey),
            (nameof(session.CreatedAt), session.CreatedAt),
            (nameof(session.LastSeenAt), session.LastSeenAt),
            (nameof(session.ExpiresAt), session.ExpiresAt),
            (nameof(session.EndsAt), session.EndsAt),
            (nameof(session.IdleTimeout), session.IdleTimeout),
            (nameof(session.HasCustomLifetime), session.HasCustomLifetime),
            (nameof(session.IsPersistent), session.IsPersistent),
            (nameof(session.IsBearer), session.IsBearer),
            (nameof(session.AuthenticatedAt), session.AuthenticatedAt),
            (nameof(session.AuthenticationMethod), session.AuthenticationMethod),
            (nameof(session.Client), session.Client),
            (nameof(session.LastClient), session.LastClient),
            (nameof(session.Values), session.Values),
            (nameof(session.Tags), session.Tags),
            .. Parts(session.Credential),
        ];

    private static IEnumerable<(string Name, object? Value)> Parts(SessionCredential credential) =>
        [
            (nameof(credential.Lineage), credential.Lineage),
            (nameof(credential.Current), credential.Current),
            (nameof(credential.Generation), credential.Generation),
            (nameof(credential.Previous), credential.Previous),
            (nameof(credential.Salt), credential.Salt),
            (nameof(credential.RotationKind), credential.RotationKind),
            (nameof(credential.RotatedAt), credential.RotatedAt),
            (nameof(credential.DeliveredAt), credential.DeliveredAt),
            (nameof(credential.ConfirmedAt), credential.ConfirmedAt),
            (nameof(credential.PreviousConfirmedAt), credential.PreviousConfirmedAt),
            (nameof(credential.OlderAnchor), credential.OlderAnchor),
            (nameof(credential.YoungerAnchor), credential.YoungerAnchor),
            (nameof(credential.PreviousPrivileges), credential.PreviousPrivileges),
        ];

    private static string Text(object? part) =>
        part switch
        {
            null => "null",
            DateTimeOffset instant => instant.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture),
            SessionValues values => string.Join(", ", values.Select(pair => $"{pair.Key}={pair.Value}")),
            SessionTags tags => string.Join(", ", tags.Select(tag => $"{tag.Name}={tag.Value}")),
            _ => $"'{part}'",
        };
}
