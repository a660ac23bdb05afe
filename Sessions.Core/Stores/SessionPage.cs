namespace Sessions;

/// <summary>A part of all live sessions.</summary>
/// <param name="Sessions">In order of id, each once; where the backend keeps no order (Redis), in any, and perhaps again on another page.</param>
/// <param name="Continuation">What the next page is asked for with, URL-safe; null: this is the last page. A page may be empty without being the last.</param>
public sealed record SessionPage(IReadOnlyList<Session> Sessions, string? Continuation);
