using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Sessions.Cookies.Protection;

namespace Sessions.Cookies;

/// <summary>The cookie sessions of one name: from header to data and back.</summary>
internal sealed class CookieSessions<TData>(
    string name,
    CookieSessionOptions options,
    CookieProtection protection,
    JsonTypeInfo<TData> type,
    TimeProvider time,
    ILogger log
)
    where TData : class
{
    // An idle time is exact to a tenth; more would mean a cookie with nearly every response.
    private const int Slides = 10;

    public string Name { get; } = name;

    public ChunkedCookie Cookie { get; } = new(options.Cookie, options.MaxChunks);

    /// <summary>The session of a request, read once.</summary>
    public CookieSession<TData> Of(HttpContext context)
    {
        if (context.Items.TryGetValue(this, out var known))
        {
            return (CookieSession<TData>)known!;
        }

        var session = new CookieSession<TData>(context, this);
        context.Items[this] = session;
        return session;
    }

    /// <summary>What the browser shows, if it is a session; whatever else it shows is reported and no session.</summary>
    public (CookieEnvelope Envelope, TData Data)? Read(StringValues headers)
    {
        if (Cookie.Read(headers) is not { } text)
        {
            return null;
        }

        if (protection.Unprotect(text) is not { } envelope)
        {
            return Reject(CookieSessionRejection.NotAuthentic);
        }

        var now = time.GetUtcNow();
        return envelope.IssuedAt > now + options.ClockTolerance || envelope.BegunAt > now + options.ClockTolerance
                ? Reject(CookieSessionRejection.IssuedInFuture)
            : ExpiresAt(envelope) <= now ? Reject(CookieSessionRejection.Expired)
            : TryRead(envelope);
    }

    public byte[] Write(TData data) => JsonSerializer.SerializeToUtf8Bytes(data, type);

    /// <summary>Data from now on, in a session that goes on or, without one, begins.</summary>
    public CookieEnvelope Issue(CookieEnvelope? session, byte[] json)
    {
        // Cut to what a cookie keeps, so that a session is the same in the request that began it and in the next.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        return new(session is not null && ExpiresAt(session) > now ? session.BegunAt : now, now, json);
    }

    /// <summary>The cookies for it; null with their size when there is not room.</summary>
    public IReadOnlyList<string>? Protect(HttpContext context, CookieEnvelope envelope, out int size) =>
        Cookie.Split(context, protection.Protect(envelope), MaxAge(envelope), out size);

    public bool IsToSlide(CookieEnvelope envelope) =>
        options.IdleTimeout is { } idle && time.GetUtcNow() - envelope.IssuedAt >= idle / Slides;

    public DateTimeOffset ExpiresAt(CookieEnvelope envelope)
    {
        var end = envelope.BegunAt + options.Lifetime;
        return options.IdleTimeout is { } idle && envelope.IssuedAt + idle < end ? envelope.IssuedAt + idle : end;
    }

    /// <summary>How long the browser is to keep it; null until it closes.</summary>
    public TimeSpan? MaxAge(CookieEnvelope envelope) => options.Persistent ? ExpiresAt(envelope) - envelope.IssuedAt : null;

    private (CookieEnvelope, TData)? TryRead(CookieEnvelope envelope)
    {
        try
        {
            return JsonSerializer.Deserialize(envelope.Json, type) is { } data
                ? (envelope, data)
                : Reject(CookieSessionRejection.Unreadable);
        }
#pragma warning disable CA1031 // The application's own types and converters read here, and an old cookie must not be the end of a request whatever they throw.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Reject(CookieSessionRejection.Unreadable, e);
        }
    }

    private (CookieEnvelope, TData)? Reject(CookieSessionRejection reason, Exception? exception = null)
    {
        if (reason == CookieSessionRejection.Expired)
        {
            CookieSessionLog.Expired(log, Name);
        }
        else
        {
            CookieSessionLog.Rejected(log, Name, reason, exception);
        }

        foreach (var handler in Delegate.EnumerateInvocationList(options.Rejected))
        {
            try
            {
                handler(new CookieSessionRejected(Name, reason));
            }
#pragma warning disable CA1031 // What an application does with an event must not decide over a request.
            catch (Exception e)
#pragma warning restore CA1031
            {
                CookieSessionLog.HandlerFailed(log, e);
            }
        }

        return null;
    }
}
