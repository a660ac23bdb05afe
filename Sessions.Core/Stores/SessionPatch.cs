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

    /// <summary>Replaces the secret, on condition of the current one. Null: the secret stays.</summary>
    public SecretRotation? Rotation { get; init; }

    /// <summary>Records that the client has shown the current secret.</summary>
    public SecretConfirmation? Confirmation { get; init; }

    /// <summary>Replaces <see cref="Session.LastClient"/>.</summary>
    public ClientInfo? LastClient { get; init; }

    /// <summary>Records that the user proved their identity again.</summary>
    public Reauthentication? Reauthentication { get; init; }

    /// <summary>
    /// Whether a change feed publishes it once it is applied: it changes the secret, the values or the end. A confirmation or a client alone decides nothing about a session that a cache
    /// holds.
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
            return new() { Outcome = SessionUpdateOutcome.Conflict, Session = session };
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
            Credential = ApplyToCredential(session.Credential),
        };
        return new()
        {
            Outcome = SessionUpdateOutcome.Applied,
            Session = Reauthentication?.ApplyTo(changed) ?? changed,
            Removed = removed,
        };
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

/// <summary>Replaces the secret of a session. The lineage stays.</summary>
public sealed record SecretRotation
{
    /// <summary>The hash that must be the current one. Otherwise another call was faster, and nothing changes.</summary>
    public required Sha256Hash Expected { get; init; }

    /// <summary>The hash of the new secret.</summary>
    public required Sha256Hash Next { get; init; }

    /// <summary>
    /// The hash that stays good until the client has shown the new secret. Null, the default: none, as on a change of privilege. It need not be <see cref="Expected"/>: a secret whose
    /// response was lost is skipped.
    /// </summary>
    public Sha256Hash? Previous { get; init; }

    /// <summary>When, in whole milliseconds.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>Records when the client first showed a rotated secret. An earlier confirmation of the same secret stays and counts as applied.</summary>
public sealed record SecretConfirmation
{
    /// <summary>The hash that must be the current one.</summary>
    public required Sha256Hash Secret { get; init; }

    /// <summary>When, in whole milliseconds.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>The user proved their identity again: the one thing that moves the absolute end of a session.</summary>
public sealed record Reauthentication
{
    /// <summary>When, in whole milliseconds. Becomes <see cref="Session.AuthenticatedAt"/>.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How. Becomes <see cref="Session.AuthenticationMethod"/>, null included, and is the same text: at most 128 bytes of UTF-8 without U+0000.</summary>
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
