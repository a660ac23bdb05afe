using Sessions.Stores;

namespace Sessions.Memory;

/// <summary>
/// One user's records, as a linked list: the object is also their lock, so what concerns one user is atomic and users do not wait for each
/// other.
/// </summary>
internal sealed class MemorySessionOwner(string userKey)
{
    private MemorySessionRecord? _first;
    private MemorySessionRecord? _last;

    public string UserKey { get; } = userKey;

    /// <summary>Its last record was deleted and it left the table of users: a caller that still has it reads the table again.</summary>
    public bool IsDetached { get; private set; }

    public IEnumerable<MemorySessionRecord> Records
    {
        get
        {
            for (var (record, next) = (_first, _first?.Next); record is not null; (record, next) = (next, next?.Next))
            {
                yield return record;
            }
        }
    }

    /// <summary>In no order.</summary>
    public IEnumerable<Session> FindLiveSessions(DateTimeOffset now) =>
        Records.Select(static record => record.Session!).Where(session => !session.IsExpired(now));

    /// <summary>Oldest first.</summary>
    public List<Session> GetLiveSessions(DateTimeOffset now) => Records.Select(static record => record.Session!).ToLiveList(now);

    /// <summary>How many records there are, expired ones included.</summary>
    public int Count { get; private set; }

    public void Add(MemorySessionRecord record)
    {
        Count++;
        record.Previous = _last;
        if (_last is null)
        {
            _first = record;
        }
        else
        {
            _last.Next = record;
        }

        _last = record;
    }

    public void Remove(MemorySessionRecord record)
    {
        Count--;
        if (record.Previous is null)
        {
            _first = record.Next;
        }
        else
        {
            record.Previous.Next = record.Next;
        }

        if (record.Next is null)
        {
            _last = record.Previous;
        }
        else
        {
            record.Next.Previous = record.Previous;
        }

        (record.Previous, record.Next) = (null, null);
    }

    public bool TryDetach() => IsDetached = _first is null;
}
