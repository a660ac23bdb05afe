namespace Sessions.Tests.BrowserModel;

/// <summary>A token as the world has seen it leave the server.</summary>
internal sealed class IssuedToken(int number, DateTimeOffset at)
{
    /// <summary>The how many-th of its session, from 0.</summary>
    public int Number => number;

    public DateTimeOffset IssuedAt => at;

    /// <summary>When it was last given.</summary>
    public long GivenTick { get; set; }

    /// <summary>A proof that was recorded on this token itself, in milliseconds since 1970.</summary>
    public long ProvenAt { get; set; }

    /// <summary>Which browser showed it first, and when that was done.</summary>
    public (int Browser, DateTimeOffset At)? FirstShowing { get; set; }

    /// <summary>Which browser showed it again so much later that it is certain to have it, and when that was done.</summary>
    public (int Browser, DateTimeOffset At)? Confirmation { get; set; }
}

/// <summary>A value that a request writes.</summary>
internal sealed class ValueWrite(string key, string value, long begin)
{
    public string Key => key;

    public string Value => value;

    public long Begin => begin;

    /// <summary>When the request was done; until then it may be written at any moment.</summary>
    public long End { get; set; } = long.MaxValue;

    /// <summary>Whether a verb said that it was stored.</summary>
    public bool IsStored { get; set; }
}

/// <summary>What the world knows of a session, without asking the server.</summary>
internal sealed class KnownSession(string id, string? userKey, DateTimeOffset createdAt, long createdTick, string? predecessor)
{
    private readonly Dictionary<string, IssuedToken> _tokens = [];
    private readonly Dictionary<int, int> _given = [];

    public string Id => id;

    public string? UserKey => userKey;

    public DateTimeOffset CreatedAt => createdAt;

    public long CreatedTick => createdTick;

    /// <summary>The session that the request showed which began this one.</summary>
    public string? Predecessor => predecessor;

    /// <summary>When the request was done that began it: by then the session that it showed has its marker.</summary>
    public long? MarkedTick { get; set; }

    /// <summary>Whether the sign-in that began this one ended the session that it showed.</summary>
    public bool ReplacesLiving { get; set; }

    /// <summary>When the server told of its end.</summary>
    public long? EndedTick { get; private set; }

    /// <summary>Why it ended, by what the server told.</summary>
    public ModelEnd? EndReason { get; private set; }

    /// <summary>When an act was answered after which it has to be over, and which act.</summary>
    public (long Tick, DateTimeOffset At, ModelAct Act)? Over { get; set; }

    public long? CopyTick { get; set; }

    /// <summary>Whether the store lost something of it, or may have: nothing is expected of it any more.</summary>
    public bool IsTainted { get; set; }

    /// <summary>The writes to this session and to those whose values it took over; unsure where it may not have taken them.</summary>
    public List<(ValueWrite Write, bool IsSure)> Writes { get; } = [];

    /// <summary>The session that took over its values.</summary>
    public KnownSession? Successor { get; set; }

    public bool IsLiving => EndedTick is null && Over is null;

    public IReadOnlyCollection<IssuedToken> Tokens => _tokens.Values;

    public void End(long tick, ModelEnd reason)
    {
        EndedTick ??= tick;
        EndReason ??= reason;
    }

    public IssuedToken? Find(string? token) => token is null ? null : _tokens.GetValueOrDefault(token);

    public void Issue(string token, int browser, DateTimeOffset at, long tick)
    {
        if (!_tokens.TryGetValue(token, out var known))
        {
            _tokens[token] = known = new IssuedToken(_tokens.Count, at);
        }
        else
        {
            // Given once more: the browser that showed it may have lost it.
            known.FirstShowing = null;
        }

        known.GivenTick = tick;

        _given[browser] = Math.Max(known.Number, _given.GetValueOrDefault(browser, -1));
    }

    /// <summary>A thief has what the browser has.</summary>
    public void Copy(string token, int thief)
    {
        if (Find(token) is { } known)
        {
            _given[thief] = Math.Max(known.Number, _given.GetValueOrDefault(thief, -1));
        }
    }

    /// <summary>Whether the browser was ever sent this token or a later one, lost or not.</summary>
    public bool WasGiven(int browser, int number) => _given.GetValueOrDefault(browser, -1) >= number;
}
