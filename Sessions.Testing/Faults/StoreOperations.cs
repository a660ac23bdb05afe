namespace Sessions.Testing;

/// <summary>Operations of a store, to be combined.</summary>
[Flags]
public enum StoreOperations
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><see cref="ISessionStore.CreateAsync"/>.</summary>
    Create = 1 << 0,

    /// <summary><see cref="ISessionStore.FetchAsync"/>.</summary>
    Fetch = 1 << 1,

    /// <summary><see cref="ISessionStore.FetchAllAsync"/>.</summary>
    FetchAll = 1 << 2,

    /// <summary><see cref="ISessionStore.UpdateAsync"/>.</summary>
    Update = 1 << 3,

    /// <summary><see cref="ISessionStore.TouchAsync"/>.</summary>
    Touch = 1 << 4,

    /// <summary><see cref="ISessionStore.DeleteAsync"/>.</summary>
    Delete = 1 << 5,

    /// <summary><see cref="ISessionStore.DeleteAllAsync"/>.</summary>
    DeleteAll = 1 << 6,

    /// <summary><see cref="ISessionStore.DeleteExpiredAsync"/>.</summary>
    DeleteExpired = 1 << 7,

    /// <summary><see cref="ISessionStore.PrepareAsync"/>.</summary>
    Prepare = 1 << 8,

    /// <summary><see cref="ISessionStore.FetchPageAsync"/>.</summary>
    FetchPage = 1 << 9,

    /// <summary><see cref="ISessionStore.FetchByTagAsync"/>.</summary>
    FetchByTag = 1 << 10,

    /// <summary><see cref="ISessionStore.DeleteByTagAsync"/>.</summary>
    DeleteByTag = 1 << 11,

    /// <summary>All of them.</summary>
    All = (1 << 12) - 1,
}
