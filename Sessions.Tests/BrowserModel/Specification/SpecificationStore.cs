using System.Collections.Immutable;

namespace Sessions.Tests.BrowserModel.Specification;

/// <summary>A session as the specification keeps it.</summary>
internal sealed record SpecificationSession
{
    public required string Id { get; init; }

    public required string? UserKey { get; init; }

    public required DateTimeOffset EndsAt { get; init; }

    public required RotationRecord Rotation { get; init; }

    public required ImmutableDictionary<string, string> Values { get; init; }
}

/// <summary>The store failed; what it was asked to write may be written.</summary>
internal sealed class SpecificationStoreException() : Exception("The store failed.");

/// <summary>Sessions in a dictionary: every call is one atomic step. Fails and loses its last seconds on command.</summary>
internal sealed class SpecificationStore(EventQueue queue)
{
    private readonly Dictionary<string, SpecificationSession> _sessions = [];
    private readonly Dictionary<string, DateTimeOffset> _replaced = [];
    private readonly List<(DateTimeOffset At, string Id, SpecificationSession? Before)> _journal = [];
    private ModelStep.FailStore? _failure;
    private DateTimeOffset _failsUntil;

    public bool IsFailing => queue.Now < _failsUntil;

    public void Fail(ModelStep.FailStore failure) => (_failure, _failsUntil) = (failure, queue.Now + failure.Time);

    public IReadOnlyCollection<string> RollBack(TimeSpan time)
    {
        var changed = new HashSet<string>();
        for (var last = _journal.Count - 1; last >= 0 && _journal[last].At > queue.Now - time; last--)
        {
            var (_, id, before) = _journal[last];
            _journal.RemoveAt(last);
            changed.Add(id);
            Put(id, before);
        }

        return changed;
    }

    public SpecificationSession? Read(string? id, DateTimeOffset now)
    {
        if (IsFailing && _failure!.Reads)
        {
            throw new SpecificationStoreException();
        }

        return id is not null && _sessions.GetValueOrDefault(id) is { } session && now < session.EndsAt ? session : null;
    }

    /// <summary>Whether a sign-in has ended the session in the last two minutes.</summary>
    public bool IsReplaced(string? id) =>
        id is not null && _replaced.TryGetValue(id, out var at) && queue.Now <= at + TimeSpan.FromMinutes(2);

    /// <param name="session">The new session.</param>
    /// <param name="replaces">The session that ends in the same step.</param>
    /// <param name="shown">The session, dead or alive, of the token in whose place the new one is given: it gets a marker.</param>
    public void Create(SpecificationSession session, string? replaces = null, string? shown = null) =>
        Write(() =>
        {
            Set(session.Id, session);
            if (replaces is not null)
            {
                Set(replaces, null);
            }

            if ((replaces ?? shown) is { } marked)
            {
                _replaced[marked] = queue.Now;
            }
        });

    /// <summary>Changes a session in one step.</summary>
    /// <param name="id">Which.</param>
    /// <param name="change">What it becomes; null where a condition does not hold.</param>
    /// <returns>What is stored now, if it was changed.</returns>
    public SpecificationSession? Update(string id, Func<SpecificationSession, SpecificationSession?> change)
    {
        SpecificationSession? changed = null;
        Write(() =>
        {
            if (_sessions.GetValueOrDefault(id) is { } session && change(session) is { } next)
            {
                Set(id, next);
                changed = next;
            }
        });
        return changed;
    }

    /// <summary>Deletes a session; of two that do so one is given it.</summary>
    public SpecificationSession? Delete(string id, bool isReplaced = false)
    {
        SpecificationSession? deleted = null;
        Write(() =>
        {
            deleted = _sessions.GetValueOrDefault(id);
            if (isReplaced)
            {
                _replaced[id] = queue.Now;
            }

            if (deleted is not null)
            {
                Set(id, null);
            }
        });
        return deleted;
    }

    public IReadOnlyList<SpecificationSession> DeleteAll(string userKey)
    {
        List<SpecificationSession> deleted = [];
        Write(() =>
        {
            deleted.AddRange(_sessions.Values.Where(session => session.UserKey == userKey));
            deleted.ForEach(session => Set(session.Id, null));
        });
        return deleted;
    }

    private void Write(Action write)
    {
        if (!IsFailing || _failure!.AfterTheWrite)
        {
            write();
        }

        if (IsFailing)
        {
            throw new SpecificationStoreException();
        }
    }

    private void Set(string id, SpecificationSession? session)
    {
        _journal.Add((queue.Now, id, _sessions.GetValueOrDefault(id)));
        Put(id, session);
    }

    private void Put(string id, SpecificationSession? session)
    {
        if (session is null)
        {
            _sessions.Remove(id);
        }
        else
        {
            _sessions[id] = session;
        }
    }
}
