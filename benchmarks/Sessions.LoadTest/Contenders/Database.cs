namespace Sessions.LoadTest.Contenders;

/// <summary>Where a contender keeps its sessions.</summary>
internal enum Database
{
    /// <summary>In its own process, or nowhere.</summary>
    None,

    /// <summary>In a file beside it.</summary>
    File,
    Redis,
    Postgres,
}
