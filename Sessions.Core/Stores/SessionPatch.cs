namespace Sessions.Stores;

/// <summary>
/// A change of one session, applied in one atomic step or not at all. Every condition in it must hold. Parts that are null change nothing.
/// </summary>
public sealed record SessionPatch
{
    /// <summary>Changes of the application's values, and what must still be so.</summary>
    public ValuesPatch Values { get; init; } = ValuesPatch.Empty;

    /// <summary>
    /// The limit for <see cref="SessionValues.ByteCount"/> after the change; a patch that sets nothing is never too large.
    /// </summary>
    public int? MaxValuesBytes { get; init; }

    /// <summary>Replaces the credential, on condition of the one that is stored. Null: the credential stays.</summary>
    public CredentialChange? Credential { get; init; }

    /// <summary>
    /// Tags to add. One that the session has already is no change. More than <see cref="SessionTags.MaxCount"/> afterwards are too many,
    /// and nothing is changed.
    /// </summary>
    public SessionTags Tags { get; init; } = SessionTags.Empty;

    /// <summary>Replaces <see cref="Session.LastClient"/>.</summary>
    public ClientInfo? LastClient { get; init; }

    /// <summary>Records that the user proved their identity again.</summary>
    public Reauthentication? Reauthentication { get; init; }

    /// <summary>
    /// Whether a change feed publishes it once it is applied: it changes the token, the values, the tags or the end. A confirmation or a
    /// client alone decides nothing about a session that a cache holds.
    /// </summary>
    public bool IsPublished =>
        Credential is { HasNewToken: true } || Reauthentication is not null || Values.Changes.Count > 0 || Tags.Count > 0;

    /// <summary>
    /// The meaning of a patch, once for all stores: what a live session becomes. Backends that change records in place do the same in their
    /// own language, and the conformance suite holds them to it.
    /// </summary>
    /// <returns><see cref="SessionUpdateOutcome.Applied"/> with the new session, else the unchanged one with the reason.</returns>
    public SessionUpdate ApplyTo(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (!CanApplyTo(session))
        {
            return new() { Outcome = SessionUpdateOutcome.Conflict, Session = session };
        }

        if (session.Tags.CountWith(Tags) > SessionTags.MaxCount)
        {
            return new() { Outcome = SessionUpdateOutcome.TooLarge, Session = session };
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
                return new() { Outcome = SessionUpdateOutcome.TooLarge, Session = session };
            }
        }

        var changed = session with
        {
            Values = values,
            LastClient = LastClient ?? session.LastClient,
            Tags = session.Tags.With(Tags),
            Credential = Credential?.Next ?? session.Credential,
        };
        return new()
        {
            Outcome = SessionUpdateOutcome.Applied,
            Session = Reauthentication?.ApplyTo(changed) ?? changed,
            Removed = removed,
        };
    }

    private bool CanApplyTo(Session session) =>
        (Credential is null || session.Credential == Credential.Expected)
        && Values.Expected.All(expected => session.Values.GetValueOrDefault(expected.Key) == expected.Value);
}

/// <summary>
/// Replaces the credential of a session as a whole, if nothing has changed it since it was read: what the decision rests on (the current
/// secret, not delivered yet, not confirmed yet) is all in it. Stores compare and write the bytes of <see cref="SessionCredentialRecord"/>,
/// and need not know what is in them.
/// </summary>
public sealed record CredentialChange
{
    /// <summary>What must be stored, byte for byte. Otherwise another call was faster, and nothing changes.</summary>
    public required SessionCredential Expected { get; init; }

    /// <summary>What is stored then.</summary>
    public required SessionCredential Next { get; init; }

    /// <summary>Whether the session has another token afterwards.</summary>
    public bool HasNewToken => Expected.Current != Next.Current;
}

/// <summary>The user proved their identity again: the one thing that moves the absolute end of a session.</summary>
public sealed record Reauthentication
{
    /// <summary>When, in whole milliseconds. Becomes <see cref="Session.AuthenticatedAt"/>.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>
    /// How. Becomes <see cref="Session.AuthenticationMethod"/>, null included, and is the same text: at most 128 bytes of UTF-8 without
    /// U+0000.
    /// </summary>
    /// <exception cref="ArgumentException">No session can hold the text.</exception>
    public string? Method
    {
        get;
        init => field = SessionText.CheckLabel(value, SessionText.MaxAuthenticationMethodBytes, nameof(Method));
    }

    /// <summary>The new expiry, not after <see cref="EndsAt"/>.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The new absolute end.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    internal Session ApplyTo(Session session) =>
        session with
        {
            AuthenticatedAt = At,
            AuthenticationMethod = Method,
            ExpiresAt = ExpiresAt,
            EndsAt = EndsAt,
        };
}
