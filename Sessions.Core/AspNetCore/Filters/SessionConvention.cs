namespace Sessions.AspNetCore;

/// <summary>A filter that was added by a convention; an attribute on the endpoint itself beats it.</summary>
internal sealed record SessionConvention(string Name, bool Required, bool Slide, TimeSpan? MaxAge, bool Authoritative) : ISessionFilter;
