using System.Globalization;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Testing.Faults;

internal sealed class LeavesVisitorsOutOfPages(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionPage Page(string? continuation, int limit)
    {
        var page = base.Page(continuation, limit);
        return page with { Sessions = [.. page.Sessions.Where(session => session.UserKey is not null)] };
    }
}

internal sealed class ShowsPagesBackwards(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionPage Page(string? continuation, int limit)
    {
        var page = base.Page(continuation, limit);
        return page with { Sessions = [.. page.Sessions.Reverse()] };
    }
}

internal sealed class IgnoresTheLimitOfAPage(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionPage Page(string? continuation, int limit) => base.Page(continuation, 1000);
}

internal sealed class ShowsConfusableUsersOnce(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionPage Page(string? continuation, int limit)
    {
        var page = base.Page(continuation, limit);
        var first = Records.Values.GroupBy(session => session.UserKey?.Trim().ToUpperInvariant()).Select(alike => alike.First().Id);
        return page with { Sessions = [.. page.Sessions.IntersectBy(first, session => session.Id)] };
    }
}

internal sealed class ShowsWhatHasExpired(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionPage Page(string? continuation, int limit)
    {
        var shown = base.Page(continuation, limit);
        return shown with { Sessions = [.. Records.Values.OrderBy(session => session.Id)] };
    }
}

internal sealed class StopsAtAPageWithoutSessions(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionPage Page(string? continuation, int limit)
    {
        var page = base.Page(continuation, limit);
        return page.Sessions.Count == 0 ? page with { Continuation = null } : page;
    }
}

internal sealed class PagesByPosition(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionPage Page(string? continuation, int limit)
    {
        var position = continuation is null ? 0 : int.Parse(continuation, CultureInfo.InvariantCulture);
        var sessions = Records.Values.OrderBy(session => session.Id).Skip(position).Take(limit).ToList();
        return new() { Sessions = sessions, Continuation = sessions.Count < limit ? null : $"{position + limit}" };
    }
}

internal sealed class RejectsAContinuationOnceUsed(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    private readonly HashSet<string> _gone = [];

    protected override SessionPage Page(string? continuation, int limit) =>
        continuation is null || _gone.Add(continuation) ? base.Page(continuation, limit) : new() { Sessions = [] };
}

internal sealed class AcceptsAnyContinuation(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override SessionPage Page(string? continuation, int limit) =>
        base.Page(SessionId.TryParse(continuation, out _) ? continuation : null, limit);
}

internal sealed class PagesInSpiteOfACancelledToken(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override ValueTask<SessionPage?> FetchPageAsync(string? continuation, int pageSize, CancellationToken cancellationToken) =>
        base.FetchPageAsync(continuation, pageSize, CancellationToken.None);
}

internal sealed class ShowsPagesAsSessionsBegan(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    private readonly Dictionary<SessionId, Session> _begun = [];

    protected override SessionCreation Create(Session session, SessionLimit? limit, SessionId? replaces)
    {
        _begun[session.Id] = session;
        return base.Create(session, limit, replaces);
    }

    protected override SessionPage Page(string? continuation, int limit)
    {
        var page = base.Page(continuation, limit);
        return page with { Sessions = [.. page.Sessions.Select(session => _begun[session.Id])] };
    }
}

internal sealed class FetchesAPageOfNoSessions(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override ValueTask<SessionPage?> FetchPageAsync(string? continuation, int pageSize, CancellationToken cancellationToken) =>
        pageSize < 1
            ? new(new SessionPage { Sessions = [], Continuation = continuation })
            : base.FetchPageAsync(continuation, pageSize, cancellationToken);
}

internal sealed class ShowsAtMostAThousandSessions(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    private int _shown;

    protected override SessionPage Page(string? continuation, int limit)
    {
        var page = base.Page(continuation, limit);
        _shown += page.Sessions.Count;
        return _shown < 1000 ? page : page with { Continuation = null };
    }
}

internal sealed class ShowsASessionThatDoesNotExist(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    private readonly SampleSessions _samples = new(time, SeededRandom.Create());

    protected override SessionPage Page(string? continuation, int limit)
    {
        var page = base.Page(continuation, limit);
        return page.Sessions.Count > 0 ? page : page with { Sessions = [_samples.Create()] };
    }
}
