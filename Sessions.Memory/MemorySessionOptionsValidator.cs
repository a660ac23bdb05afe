using Sessions.Stores;

namespace Sessions.Memory;

/// <inheritdoc />
internal sealed class MemorySessionOptionsValidator : SessionStoreOptionsValidator<MemorySessionOptions>
{
    protected override IEnumerable<string> GetFailures(MemorySessionOptions options)
    {
        if (options.MaxSessions < 1)
        {
            yield return "MaxSessions is less than 1; set it to 1 or more, or leave it out.";
        }
    }
}
