using System.Globalization;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Durability;

/// <summary>Creates and deletes sessions until somebody kills the process, and tells of each step before and after it.</summary>
internal sealed class SessionWorkload(ISessionStore store, TextWriter acknowledgements)
{
    public const string UserKey = "ann";
    public const char Created = '+';
    public const char Deleting = '?';
    public const char Deleted = '-';

    private const int Workers = 4;
    private const int SessionsPerDeletion = 5;

    private readonly SampleSessions _samples = new(TimeProvider.System, SeededRandom.Create());
    private readonly Lock _writing = new();

    public Task RunAsync() => Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(RunWorkerAsync)));

    private async Task RunWorkerAsync()
    {
        while (true)
        {
            Session session;
            var created = 0;
            do
            {
                session = _samples.CreateFull(UserKey);
                await store.CreateAsync(session, null, CancellationToken.None);
                Acknowledge(Created, session.Id);
            } while (++created < SessionsPerDeletion);

            Acknowledge(Deleting, session.Id);
            await store.DeleteAsync(session.Id, CancellationToken.None);
            Acknowledge(Deleted, session.Id);
        }
    }

    private void Acknowledge(char step, SessionId id)
    {
        lock (_writing)
        {
            acknowledgements.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{step}{id}"));
            acknowledgements.Flush();
        }
    }
}
