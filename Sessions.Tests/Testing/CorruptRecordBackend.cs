using Sessions.Stores;

namespace Sessions.Tests.Testing;

/// <summary>A store whose records a test can damage.</summary>
internal abstract class CorruptRecordBackend : IAsyncDisposable
{
    /// <summary>What can be wrong with a record, in a word or a statement.</summary>
    public abstract IReadOnlyList<string> Damages { get; }

    public abstract ValueTask<ISessionStore> CreateStoreAsync(TimeProvider time, CorruptRecordReporter reporter);

    public abstract ValueTask DamageAsync(Session session, string damage);

    public abstract ValueTask<long> CountRecordsAsync();

    /// <summary>What a report calls the record, other than its id.</summary>
    public virtual string NameOf(Session session, string damage) => $"{session.Id}";

    /// <summary>What a report says of it.</summary>
    public virtual Type DamageException => typeof(FormatException);

    /// <summary>Whether the record is no longer found by its id.</summary>
    public virtual bool HidesId(string damage) => false;

    /// <summary>Whether the record is no longer found by its user.</summary>
    public virtual bool HidesUser(string damage) => false;

    /// <summary>What <see cref="CountRecordsAsync"/> counts when it was deleted by its id.</summary>
    public virtual int CountLeftByDelete(string damage) => HidesId(damage) ? 1 : 0;

    public abstract ValueTask DisposeAsync();
}
