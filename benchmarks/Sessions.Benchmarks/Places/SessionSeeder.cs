using System.Globalization;
using System.Net;
using System.Text;
using Sessions.Testing;

namespace Sessions.Bench.Places;

/// <summary>Makes sessions as logins of an ordinary browser would, and remembers what the clients hold.</summary>
internal static class SessionSeeder
{
    /// <summary>A real browser's, which the numbers of bytes depend on.</summary>
    public const string UserAgent =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";

    private const int Concurrency = 64;

    private static readonly ClientInfo s_browser = Read(new UserAgentReader().Read(new UserAgentHeaders { UserAgent = UserAgent }));

    /// <summary>Logs in: the session with number n belongs to the user with number n / <paramref name="perUser"/>.</summary>
    /// <returns>The sessions and their tokens, by number.</returns>
    public static async Task<IssuedSession[]> CreateAsync(
        SessionManager manager,
        int count,
        int perUser = 10,
        string prefix = "user-",
        bool recordClient = true
    )
    {
        var issued = new IssuedSession[count];
        await CreateAsync(manager, 0, count, perUser, prefix, recordClient, (number, session) => issued[number] = session);
        return issued;
    }

    /// <summary>The same where there are so many that only the tokens are kept.</summary>
    /// <param name="manager">Where they log in.</param>
    /// <param name="tokens">Filled from <paramref name="begin"/> on.</param>
    /// <param name="begin">The number of the first.</param>
    /// <param name="end">The number behind the last.</param>
    public static Task FillAsync(SessionManager manager, SessionToken[] tokens, int begin, int end) =>
        CreateAsync(manager, begin, end, 10, "user-", true, (number, session) => tokens[number] = session.Token);

    /// <summary>
    /// What a request of an ordinary browser tells of its client: an object of its own each time, which shares with the others what the
    /// browser says of itself, as in an application.
    /// </summary>
    public static ClientInfo Client(int number) =>
        s_browser with
        {
            IPAddress = new IPAddress([203, 0, (byte)(113 + (number >> 8) % 100), (byte)number]),
        };

    /// <summary>In an order that no processor can foresee, and the same in every run.</summary>
    public static SessionToken[] Shuffled(IEnumerable<SessionToken> tokens)
    {
        var order = tokens.ToArray();
        new SeededRandom(1).Shuffle<SessionToken>(order);
        return order;
    }

    private static ClientInfo Read(UserAgent agent) =>
        new()
        {
            OperatingSystem = agent.OperatingSystem,
            Browser = agent.Browser,
            Device = agent.Device,
            UserAgentHash = Sha256Hash.Compute(Encoding.UTF8.GetBytes(UserAgent)),
        };

    private static Task CreateAsync(
        SessionManager manager,
        int begin,
        int end,
        int perUser,
        string prefix,
        bool recordClient,
        Action<int, IssuedSession> keep
    ) =>
        Parallel.ForAsync(
            begin,
            end,
            new ParallelOptions { MaxDegreeOfParallelism = Concurrency },
            async (number, cancellationToken) =>
            {
                var init = recordClient ? new SessionInit { Client = Client(number) } : null;
                var user = prefix + (number / perUser).ToString(CultureInfo.InvariantCulture);
                keep(number, await manager.InitAsync(user, init, cancellationToken));
            }
        );
}
