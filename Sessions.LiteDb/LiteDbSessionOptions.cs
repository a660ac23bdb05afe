using LiteDB;

namespace Sessions.LiteDb;

/// <summary>How sessions are kept in LiteDB. Named options; checked when the host starts.</summary>
public sealed class LiteDbSessionOptions
{
    /// <summary>
    /// The file, which belongs to these sessions and to one process at a time. It is created when it is not there, its folder is not.
    /// Beside it lie LiteDB's own files and an empty one that ends in <c>.lock</c>. Not on a network drive.
    /// </summary>
    public string? Path { get; set; }

    /// <summary>The application's own database instead, which the application opens and disposes, after the store.</summary>
    public ILiteDatabase? Database { get; set; }

    /// <summary>
    /// The collection. LiteDB ignores case here. Default (null): <c>sessions</c>, or <c>sessions_</c> and the name of the sessions when
    /// they have one.
    /// </summary>
    public string? Collection { get; set; }
}
