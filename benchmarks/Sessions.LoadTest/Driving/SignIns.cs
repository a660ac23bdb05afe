using System.Net;

namespace Sessions.LoadTest.Driving;

/// <summary>Signs users in, as browsers would, and keeps their cookies.</summary>
internal static class SignIns
{
    public const int Sessions = 10_000;
    public const int Users = 1_000;

    public static async Task RunAsync(ContenderProcess server)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, MaxConnectionsPerServer = 16 })
        {
            BaseAddress = new Uri(server.Address),
        };
        var cookies = new string[Sessions];
        await Parallel.ForAsync(
            0,
            Sessions,
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (i, cancellationToken) => cookies[i] = await SignInAsync(client, $"user{i % Users}", cancellationToken)
        );
        await File.WriteAllLinesAsync(server.Cookies, cookies);
    }

    /// <summary>Signs a user in.</summary>
    /// <returns>His cookie, as he shows it.</returns>
    public static async Task<string> SignInAsync(HttpClient client, string user, CancellationToken cancellationToken)
    {
        using var response = await client.GetAsync(new Uri($"/login/{user}", UriKind.Relative), cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK || !response.Headers.TryGetValues("Set-Cookie", out var set))
        {
            throw new InvalidOperationException($"{client.BaseAddress}login answered {(int)response.StatusCode}, or set no cookie.");
        }

        return string.Join("; ", set.Select(static cookie => cookie.Split(';')[0]));
    }
}
