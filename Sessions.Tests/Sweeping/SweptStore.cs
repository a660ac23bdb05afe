using System.Threading.Channels;
using Sessions.Tests.Testing;

namespace Sessions.Tests.Sweeping;

/// <summary>A store that says how many records a sweep deleted, or fails, as the test wants it.</summary>
internal sealed class SweptStore(TimeProvider time, params Func<CancellationToken, Task<int>>[] answers)
    : ReferenceStore(time, new ReferenceTable())
{
    private readonly Queue<Func<CancellationToken, Task<int>>> _answers = new(answers);
    private readonly Channel<int> _limits = Channel.CreateUnbounded<int>();

    /// <summary>The limit of each call that came, in order.</summary>
    public ChannelReader<int> Limits => _limits.Reader;

    public override async ValueTask<int> DeleteExpiredAsync(int limit, CancellationToken cancellationToken)
    {
        _limits.Writer.TryWrite(limit);
        return _answers.TryDequeue(out var answer) ? await answer(cancellationToken) : 0;
    }
}
