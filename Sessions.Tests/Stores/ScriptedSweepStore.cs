using System.Threading.Channels;
using Sessions.Tests.Testing;

namespace Sessions.Tests.Stores;

/// <summary>A store that says what a sweep deleted, or fails, as the test wants it.</summary>
internal sealed class ScriptedSweepStore(TimeProvider time, params Func<CancellationToken, Task<IReadOnlyList<Session>>>[] answers)
    : ReferenceStore(time, new ReferenceTable())
{
    private readonly Queue<Func<CancellationToken, Task<IReadOnlyList<Session>>>> _answers = new(answers);
    private readonly Channel<int> _limits = Channel.CreateUnbounded<int>();

    /// <summary>The limit of each call that came, in order.</summary>
    public ChannelReader<int> Limits => _limits.Reader;

    public override async ValueTask<IReadOnlyList<Session>?> DeleteExpiredAsync(int maxCount, CancellationToken cancellationToken)
    {
        _limits.Writer.TryWrite(maxCount);
        return _answers.TryDequeue(out var answer) ? await answer(cancellationToken) : [];
    }
}
