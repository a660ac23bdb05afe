using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Sessions.Stores;

namespace Sessions.Demo.Pages;

/// <summary>
/// Tells an open page that a session of its user has ended, so that the page looks again. The store's change feed brings it from whichever
/// server; without a feed only the end of the page's own session is told.
/// </summary>
internal static class LiveDevices
{
    private const string Path = "/devices/live";

    public static Html Script => $"""<script type="module" src="/devices.js"></script>""";

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet(
                Path,
                static (HttpContext http, ISessionStore store, CancellationToken aborted) =>
                    TypedResults.ServerSentEvents(StreamAsync(http, store, aborted))
            )
            .RequireSession(slide: false);

    private static async IAsyncEnumerable<SseItem<string>> StreamAsync(
        HttpContext http,
        ISessionStore store,
        [EnumeratorCancellation] CancellationToken aborted
    )
    {
        var news = Channel.CreateBounded<string>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var feed = store.ChangeFeed?.Subscribe(new Listener(http.GetSession()!.Id.Shard, news.Writer));
        var over = http.SessionRevoked();
        await using var end = over.Register(() => news.Writer.TryWrite("this one"));
        yield return new("listening", "ready");
        await foreach (var what in news.Reader.ReadAllAsync(aborted))
        {
            yield return new(what, "ended");
            if (over.IsCancellationRequested)
            {
                yield break;
            }
        }
    }

    /// <summary>
    /// All sessions of a user have one shard; that once in a while another user's do too costs a look that finds nothing new.
    /// </summary>
    private sealed class Listener(string shard, ChannelWriter<string> news) : ISessionChangeListener
    {
        public void OnChange(SessionChange change)
        {
            if (change.Kind == SessionChangeKind.Ended && change.Id.Shard == shard)
            {
                news.TryWrite("one of them");
            }
        }

        public void OnConnected() { }

        public void OnDisconnected() { }
    }
}
