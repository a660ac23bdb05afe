namespace Sessions.Stores;

/// <summary>
/// A change of one session, applied in one atomic step or not at all. Every condition in it must hold. Parts that are null change nothing.
/// </summary>
public sealed record SessionPatch
{
    /// <summary>Changes of the application's values, and what must still be so.</summary>
    public ValuesPatch Values { get; init; } = ValuesPatch.Empty;

    /// <summary>The limit for <see cref="SessionValues.ByteCount"/> after the change; a patch that sets nothing is never too large.</summary>
    public int? MaxValuesBytes { get; init; }

    /// <summary>Replaces the secret, on condition of the current one.</summary>
    public SecretRotation? Rotation { get; init; }

    /// <summary>Writes down that the client has shown the current secret.</summary>
    public SecretConfirmation? Confirmation { get; init; }

    /// <summary>Replaces <see cref="Session.LastClient"/>.</summary>
    public ClientInfo? LastClient { get; init; }

    /// <summary>Writes down that the user proved again who he is.</summary>
    public Reauthentication? Reauthentication { get; init; }

    /// <summary>
    /// Whether an <see cref="ISessionChangeFeed"/> tells of it once it is applied: it changes the secret, the values or the end. A confirmation or a client alone decides nothing about
    /// a session that somebody remembers.
    /// </summary>
    public bool IsPublished => Rotation is not null || Reauthentication is not null || Values.Changes.Count > 0;

    /// <summary>
    /// The meaning of a patch, once for all stores: what a live session becomes. Backends that change records in place do the same in their own language,
    /// and the conformance suite holds them to it.
    /// </summary>
    /// <returns><see cref="SessionUpdateOutcome.Applied"/> with the new session, else the unchanged one with the reason.</returns>
    public SessionUpdate ApplyTo(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (!CanApplyTo(session))
        {
            return new(SessionUpdateOutcome.Conflict, session);
        }

        var values = session.Values;
        var removed = SessionValues.Empty;
        if (Values.Changes.Count > 0)
        {
            removed = SessionValues.From(
                session.Values.Where(pair => Values.Changes.TryGetValue(pair.Key, out var value) && value is null)
            );
            values = SessionValues.From([
                .. session.Values.Where(pair => !Values.Changes.ContainsKey(pair.Key)),
                .. Values
                    .Changes.Where(change => change.Value is not null)
                    .Select(change => KeyValuePair.Create(change.Key, change.Value!)),
            ]);
            if (Values.HasSets && values.ByteCount > MaxValuesBytes)
            {
                return new(SessionUpdateOutcome.TooLarge, session);
            }
        }

        var changed = session with
        {
            Values = values,
            LastClient = LastClient ?? session.LastClient,
            Credential = ApplyToCredential(session.Credential),
        };
        return new(SessionUpdateOutcome.Applied, Reauthentication?.ApplyTo(changed) ?? changed, removed);
    }

    private bool CanApplyTo(Session session) =>
        (Rotation is null || session.Credential.Secret == Rotation.Expected)
        && (Confirmation is null || session.Credential.Secret == Confirmation.Secret)
        && Values.Expected.All(expected => session.Values.GetValueOrDefault(expected.Key) == expected.Value);

    private SessionCredential ApplyToCredential(SessionCredential credential)
    {
        if (Confirmation is not null && credential.ConfirmedAt is null)
        {
            credential = credential with { ConfirmedAt = Confirmation.At };
        }

        return Rotation is null
            ? credential
            : credential with
            {
                Secret = Rotation.Next,
                Previous = Rotation.Previous,
                RotatedAt = Rotation.At,
                ConfirmedAt = null,
            };
    }
}
