namespace Sessions.Tests.Testing.Faults;

internal sealed class ListsInNoOrder(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IEnumerable<Session> Ordered(IEnumerable<Session> sessions) => sessions.OrderBy(session => session.Id.GetHashCode());
}

internal sealed class OrdersIdsIgnoringCase(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IEnumerable<Session> Ordered(IEnumerable<Session> sessions) =>
        sessions.OrderBy(session => session.CreatedAt).ThenBy(session => session.Id.ToString(), StringComparer.OrdinalIgnoreCase);
}

internal sealed class OrdersByLastUse(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override IEnumerable<Session> Ordered(IEnumerable<Session> sessions) =>
        sessions.OrderBy(session => session.LastSeenAt).ThenBy(session => session.CreatedAt).ThenBy(session => session.Id);
}

internal sealed class ComparesUserKeysIgnoringCase(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override bool IsSameUser(string? one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}

internal sealed class ComparesUserKeysIgnoringTrailingBlanks(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override bool IsSameUser(string? one, string other) => one?.TrimEnd(' ') == other.TrimEnd(' ');
}

internal sealed class TreatsUserKeysAsPatterns(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override bool IsSameUser(string? one, string other) =>
        one == other || (one is not null && other.EndsWith('%') && one.StartsWith(other[..^1], StringComparison.Ordinal));
}

internal sealed class ComparesIdsIgnoringCase(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override Session? Live(SessionId id) =>
        Records.Values.FirstOrDefault(session =>
            IsLive(session) && string.Equals($"{session.Id}", $"{id}", StringComparison.OrdinalIgnoreCase)
        );
}

internal sealed class HandsOutItsOwnLists(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    private readonly Dictionary<string, List<Session>> _lists = [];

    public override ValueTask<IReadOnlyList<Session>> FetchAllAsync(
        string userKey,
        IReadOnlyCollection<string>? valueKeys,
        CancellationToken cancellationToken
    ) =>
        Locked<IReadOnlyList<Session>>(
            () => _lists.TryGetValue(userKey, out var list) ? list : _lists[userKey] = LiveOf(userKey),
            cancellationToken
        );
}

internal sealed class SharesOneEmptyList(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    private readonly List<Session> _empty = [];

    public override ValueTask<IReadOnlyList<Session>> FetchAllAsync(
        string userKey,
        IReadOnlyCollection<string>? valueKeys,
        CancellationToken cancellationToken
    ) => Locked<IReadOnlyList<Session>>(() => LiveOf(userKey) is { Count: > 0 } list ? list : _empty, cancellationToken);
}

internal sealed class ReturnsNullForAnEmptyList(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override ValueTask<IReadOnlyList<Session>> FetchAllAsync(
        string userKey,
        IReadOnlyCollection<string>? valueKeys,
        CancellationToken cancellationToken
    ) => Locked<IReadOnlyList<Session>>(() => LiveOf(userKey) is { Count: > 0 } list ? list : null!, cancellationToken);
}

internal sealed class FindsAnySessionOfTheShard(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override Session? Live(SessionId id) =>
        base.Live(id) ?? Records.Values.FirstOrDefault(session => IsLive(session) && session.Id.Shard == id.Shard);
}

internal sealed class IgnoresWhichValuesAreWanted(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override Session WithValues(Session session, IReadOnlyCollection<string>? valueKeys) => session;
}

internal sealed class TakesNoWantedValuesForAll(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override Session WithValues(Session session, IReadOnlyCollection<string>? valueKeys) =>
        base.WithValues(session, valueKeys is { Count: 0 } ? null : valueKeys);
}

internal sealed class WantsValuesIgnoringCase(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override Session WithValues(Session session, IReadOnlyCollection<string>? valueKeys) =>
        valueKeys is null
            ? session
            : base.WithValues(session, [.. session.Values.Keys.Where(key => valueKeys.Contains(key, StringComparer.OrdinalIgnoreCase))]);
}

internal sealed class ListsNoMoreThanAThousand(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override ValueTask<IReadOnlyList<Session>> FetchAllAsync(
        string userKey,
        IReadOnlyCollection<string>? valueKeys,
        CancellationToken cancellationToken
    ) => Locked<IReadOnlyList<Session>>(() => [.. LiveOf(userKey).Take(1000)], cancellationToken);
}
