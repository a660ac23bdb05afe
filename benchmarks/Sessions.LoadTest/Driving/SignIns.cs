using System.Net;
using Sessions.LoadTest.Contenders;

namespace Sessions.LoadTest.Driving;

/// <summary>Signs users in, as browsers would, and keeps their cookies.</summary>
internal static class SignIns
{
    public const int Sessions = 10_000;
    public const int Users = 1_000;

    public static async Task RunAsync(string address, string file)
    {
        using var client = new HttpClient(
            new SocketsHttpHandler
            {
                UseCookies = false,
                AllowAutoRedirect = false,
                MaxConnectionsPerServer = 16,
            }
        )
        {
            BaseAddress = new Uri(address),
        };
        var cookies = new string[Sessions];
        await Parallel.ForAsync(
            0,
            Sessions,
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (i, cancellationToken) => cookies[i] = await SignInAsync(client, $"user{i % Users}", cancellationToken)
        );
        await File.WriteAllLinesAsync(file, cookies);
        await CheckAsync(client, cookies);
    }

    /// <summary>That the cookies open what they should, down to the text.</summary>
    private static async Task CheckAsync(HttpClient client, string[] cookies)
    {
        foreach (var cookie in cookies.Where(static (_, i) => i % (Sessions / 20) == 0))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/");
            request.Headers.Add("Cookie", cookie);
            using var response = await client.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            if (response.StatusCode != HttpStatusCode.OK || text != ContenderResponse.Greeting)
            {
                throw new InvalidOperationException(
                    $"{client.BaseAddress} answered {(int)response.StatusCode} to somebody who had signed in."
                );
            }
        }
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
