using System.Threading.Channels;
using Sessions.Events;
using Sessions.Stores;
using Sessions.Tests.Diagnostics;

namespace Sessions.Tests.Testing;

/// <summary>What a store reported as unreadable: as the log has it, and as the application is told.</summary>
internal sealed class ReportedRecords : WarningLog<UnreadableSessionReporter>
{
    private readonly Channel<SessionUnreadable> _told = Channel.CreateUnbounded<SessionUnreadable>();

    public ReportedRecords()
    {
        Reporter = new(new SessionEvents { Unreadable = e => _told.Writer.WriteAsync(e) }, this);
    }

    /// <summary>For the store under test.</summary>
    public UnreadableSessionReporter Reporter { get; }

    /// <summary>The next event, which comes a moment after the store has reported.</summary>
    public ValueTask<SessionUnreadable> ToldAsync(CancellationToken cancellationToken) => _told.Reader.ReadAsync(cancellationToken);
}
