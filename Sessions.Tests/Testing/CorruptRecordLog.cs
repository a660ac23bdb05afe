using System.Threading.Channels;
using Sessions.Stores;
using Sessions.Tests.Diagnostics;

namespace Sessions.Tests.Testing;

/// <summary>What a store reported as unreadable: as the log has it, and as the application is told.</summary>
internal sealed class CorruptRecordLog : WarningLogger<CorruptRecordReporter>
{
    private readonly Channel<CorruptRecordContext> _reports = Channel.CreateUnbounded<CorruptRecordContext>();

    public CorruptRecordLog()
    {
        Reporter = new(new SessionEvents { OnCorruptRecord = e => _reports.Writer.WriteAsync(e) }, this);
    }

    /// <summary>For the store under test.</summary>
    public CorruptRecordReporter Reporter { get; }

    /// <summary>The next event, which comes a moment after the store has reported.</summary>
    public ValueTask<CorruptRecordContext> NextAsync(CancellationToken cancellationToken) => _reports.Reader.ReadAsync(cancellationToken);
}
