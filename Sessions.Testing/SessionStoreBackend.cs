namespace Sessions.Testing;

/// <summary>
/// How the suites make the stores of one kind. Each test has a backend of its own: its own file, schema or prefix. Derive from it for your
/// store, and one empty class from each suite with it as the type argument.
/// </summary>
public abstract class SessionStoreBackend
{
    /// <summary>
    /// Pass it to the stores of the test, as an application does: the suites find here which records a store has reported because it cannot
    /// read them.
    /// </summary>
    public CorruptRecordReporter Reporter => Reports.Reporter;

    internal CorruptRecordReports Reports { get; } = new();

    /// <summary>
    /// Whether a store that has pages shows them in order of id and each session once; false for a backend that keeps no order. Default:
    /// true.
    /// </summary>
    public virtual bool HasOrderedPages => true;

    /// <summary>
    /// How many rounds each race has, before <see cref="TestEffort"/> multiplies them. Fewer where a call costs a disk or a network.
    /// Default: 200.
    /// </summary>
    public virtual int RaceRounds => 200;

    /// <summary>The store of the test, without any session. The suite disposes it, if it can be disposed.</summary>
    /// <param name="time">The clock that the store has to use.</param>
    public abstract ValueTask<ISessionStore> CreateStoreAsync(TimeProvider time);

    /// <summary>
    /// Another node: a store of its own over the data of the first, with a clock of its own. Null, the default, for a store that has no
    /// data to share; the tests of several nodes are then ignored. Disposed like the first.
    /// </summary>
    /// <param name="time">The clock that the node has to use.</param>
    public virtual ValueTask<ISessionStore?> CreateNodeAsync(TimeProvider time) => new((ISessionStore?)null);

    /// <summary>
    /// Makes every call of the stores of this test fail from now on, as an outage does, by what a test can do to the server, the file or
    /// the driver: revoke the right to log in and end the connections, rename the table away. Also before the first call of a store. Null,
    /// the default: nothing is behind the store that could fail, or nothing makes it; the tests of failures are then ignored.
    /// </summary>
    /// <returns>Mends the backend when it is disposed. What was stored before is there again.</returns>
    public virtual ValueTask<IAsyncDisposable?> BreakAsync() => new((IAsyncDisposable?)null);

    /// <summary>
    /// Damages the record of a session behind the back of the store, so that it cannot be read but is still found by its id and its user.
    /// False, the default: no record of this backend can become unreadable; the tests of such records are then ignored.
    /// </summary>
    /// <param name="id">A session that is stored.</param>
    /// <returns>Whether it was damaged.</returns>
    public virtual ValueTask<bool> DamageAsync(SessionId id) => new(false);

    /// <summary>
    /// Removes the file, the schema, the keys. Called after the test, when its stores are disposed; not after a
    /// <see cref="CreateStoreAsync"/> that failed.
    /// </summary>
    public virtual ValueTask CleanUpAsync() => ValueTask.CompletedTask;
}
