namespace Sessions.AspNetCore;

/// <summary>A filter that was added by a convention; an attribute on the endpoint itself beats it.</summary>
internal sealed record SessionConventionMetadata(string Name, bool IsRequired, bool Slide, TimeSpan? MaxAge, bool BypassCache)
    : ISessionMetadata;
