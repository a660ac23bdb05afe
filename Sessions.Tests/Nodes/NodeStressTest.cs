using System.Collections.Concurrent;
using System.Net;
using Sessions.Testing;
using Sessions.Tests.Demo;

namespace Sessions.Tests.Nodes;

/// <summary>
/// Many users with two devices each, who sign in, ask, rotate and revoke on random nodes while nodes are killed: what each may expect is
/// known at every step, and what comes otherwise is noted.
/// </summary>
internal sealed class NodeStressTest(DemoNodes nodes, SeededRandom random, TimeSpan staleness)
{
    private const int Users = 8;
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly ConcurrentBag<Task> _kills = [];
    private int _steps;
    private int _accepted;
    private int _refused;
    private int _unanswered;
    private long _latest;

    /// <summary>Whatever should not have happened.</summary>
    public IReadOnlyCollection<string> Violations => _violations;

    public override string ToString() =>
        $"{_accepted + _refused} answers: {_accepted} requests accepted, {_refused} of revoked sessions refused, {_unanswered} without an answer; a revoked session was last accepted "
        + $"{TimeSpan.FromTicks(_latest).TotalMilliseconds:0.0} ms after its end";

    /// <summary>Walks on until so many steps are done. On the way nodes are killed, each time after as many steps.</summary>
    public async Task RunAsync(int steps, int kills)
    {
        var seeds = Enumerable.Range(0, Users).Select(_ => random.NextUInt64()).ToList();
        await Task.WhenAll(
            seeds.Select((seed, user) => Task.Run(() => RunUserAsync(user, new SeededRandom(seed), steps, steps / (kills + 1))))
        );
        await Task.WhenAll(_kills);
    }

    private async Task RunUserAsync(int user, SeededRandom chance, int steps, int stepsToKill)
    {
        using var phone = new StressDevice();
        using var laptop = new StressDevice();
        var name = 0;
        for (int step; (step = Interlocked.Increment(ref _steps)) <= steps; )
        {
            if (step % stepsToKill == 0)
            {
                _kills.Add(nodes.ReplaceAsync(chance.Next(DemoNodes.Count)));
            }

            var (device, other) = chance.Next(2) == 0 ? (phone, laptop) : (laptop, phone);
            try
            {
                await StepAsync(device, other, nodes.GetRunning(chance), chance.Next(10), $"user {user}.{name}");
            }
            catch (HttpRequestException)
            {
                // The node was killed: nobody knows how far it came, so both begin anew as somebody else.
                Interlocked.Increment(ref _unanswered);
                phone.Clear();
                laptop.Clear();
                name++;
            }
        }
    }

    private async Task StepAsync(StressDevice device, StressDevice other, DemoProcess node, int step, string name)
    {
        if (device.State == DeviceState.SignedOut || (device.State == DeviceState.Revoked && step < 2))
        {
            await device.SignInAsync(node, name);
        }
        else if (device.State == DeviceState.Revoked || step < 7)
        {
            await RequestAsync(device, node);
        }
        else if (step == 7)
        {
            Expect(await device.SendAsync(node, HttpMethod.Post, "/api/rotate"), HttpStatusCode.NoContent, "rotate");
        }
        else if (step == 8)
        {
            Expect(await device.SendAsync(node, HttpMethod.Delete, "/api/sessions/others"), HttpStatusCode.OK, "revoke others");
            other.MarkRevoked();
        }
        else
        {
            Expect(await device.SendAsync(node, HttpMethod.Delete, "/api/sessions"), HttpStatusCode.OK, "revoke all");
            device.MarkRevoked();
            other.MarkRevoked();
        }
    }

    private async Task RequestAsync(StressDevice device, DemoProcess node)
    {
        var since = device.SinceRevoked;
        var status = await device.SendAsync(node, HttpMethod.Get, "/api/me");
        if (device.State == DeviceState.SignedIn)
        {
            Interlocked.Increment(ref _accepted);
            Expect(status, HttpStatusCode.OK, "ask");
        }
        else if (status == HttpStatusCode.OK)
        {
            RecordStaleness(since);
        }
        else
        {
            Interlocked.Increment(ref _refused);
            Expect(status, HttpStatusCode.Unauthorized, "ask after the end");
        }
    }

    private void RecordStaleness(TimeSpan since)
    {
        for (var latest = Volatile.Read(ref _latest); since.Ticks > latest; latest = Volatile.Read(ref _latest))
        {
            Interlocked.CompareExchange(ref _latest, since.Ticks, latest);
        }

        if (since > staleness)
        {
            _violations.Enqueue($"accepted {since} after its end");
        }
    }

    private void Expect(HttpStatusCode actual, HttpStatusCode expected, string what)
    {
        if (actual != expected)
        {
            _violations.Enqueue($"{what}: {(int)actual} instead of {(int)expected}");
        }
    }
}
