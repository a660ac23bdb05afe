using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Sessions.Cookies.Protection;

namespace Sessions.Cookies;

/// <summary>The cookie sessions of one name: from header to data and back.</summary>
internal sealed class CookieSessionManager<TData>(
    string name,
    CookieSessionOptions options,
    CookieProtector protector,
    JsonTypeInfo<TData> type,
    TimeProvider time,
    ILogger log
)
    where TData : class
{
    // An idle time is exact to a tenth; more would mean a cookie with nearly every response.
    private const int RenewalsPerIdleTimeout = 10;

    private readonly CookieRejectionLog _rejections = new(name, time, log);

    public string Name { get; } = name;

    public ChunkedCookie Cookie { get; } = new(options.Cookie, options.MaxChunks, time);

    /// <summary>The session of a request, read once.</summary>
    public CookieSession<TData> GetOrAdd(HttpContext context)
    {
        if (context.Items.TryGetValue(this, out var known))
        {
            return (CookieSession<TData>)known!;
        }

        var session = new CookieSession<TData>(context, this);
        context.Items[this] = session;
        return session;
    }

    /// <summary>What the browser shows, if it is a session; anything else that it shows is logged and no session.</summary>
    /// <param name="headers">Of cookies.</param>
    /// <param name="rejection">Why what it shows is no session; null: it shows one, or nothing.</param>
    public (CookieEnvelope Envelope, TData Data)? Read(StringValues headers, out CookieSessionRejection? rejection)
    {
        rejection = null;
        if (Cookie.Read(headers) is not { } text)
        {
            return null;
        }

        if (protector.Unprotect(text) is not { } envelope)
        {
            return Reject(CookieSessionRejection.NotAuthentic, out rejection);
        }

        var now = time.GetUtcNow();
        return envelope.IssuedAt > now + options.ClockTolerance || envelope.CreatedAt > now + options.ClockTolerance
                ? Reject(CookieSessionRejection.IssuedInFuture, out rejection)
            : GetExpiresAt(envelope) <= now ? Reject(CookieSessionRejection.Expired, out rejection)
            : Deserialize(envelope, out rejection);
    }

    public byte[] Serialize(TData data) => JsonSerializer.SerializeToUtf8Bytes(data, type);

    /// <summary>Data from now on, in a session that goes on or, without one, begins.</summary>
    public CookieEnvelope Issue(CookieEnvelope? session, byte[] json)
    {
        // Cut to what a cookie keeps, so that a session is the same in the request that began it and in the next.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        return new(session is not null && GetExpiresAt(session) > now ? session.CreatedAt : now, now, json);
    }

    /// <summary>The cookies for it; null with their size when there is not room.</summary>
    public IReadOnlyList<string>? Protect(HttpContext context, CookieEnvelope envelope, out int size) =>
        Cookie.Split(context, protector.Protect(envelope), GetMaxAge(envelope), out size);

    public bool IsSlideDue(CookieEnvelope envelope) =>
        options.IdleTimeout is { } idle && time.GetUtcNow() - envelope.IssuedAt >= idle / RenewalsPerIdleTimeout;

    public DateTimeOffset GetExpiresAt(CookieEnvelope envelope)
    {
        var end = envelope.CreatedAt + options.Lifetime;
        return options.IdleTimeout is { } idle && envelope.IssuedAt + idle < end ? envelope.IssuedAt + idle : end;
    }

    /// <summary>How long the browser is to keep it; null until it closes.</summary>
    public TimeSpan? GetMaxAge(CookieEnvelope envelope) => options.IsPersistent ? GetExpiresAt(envelope) - envelope.IssuedAt : null;

    /// <summary>Calls the application's handlers.</summary>
    public async ValueTask RaiseRejectedAsync(CookieSessionRejection reason)
    {
        var context = new CookieSessionRejectedContext { Name = Name, Reason = reason };
        foreach (var handler in Delegate.EnumerateInvocationList(options.OnRejected))
        {
            try
            {
                await handler(context).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // A handler of the application that throws must not fail the request.
            catch (Exception e)
#pragma warning restore CA1031
            {
                CookieSessionLog.HandlerFailed(log, e);
            }
        }
    }

    private (CookieEnvelope, TData)? Deserialize(CookieEnvelope envelope, out CookieSessionRejection? rejection)
    {
        rejection = null;
        try
        {
            return JsonSerializer.Deserialize(envelope.Json, type) is { } data
                ? (envelope, data)
                : Reject(CookieSessionRejection.Unreadable, out rejection);
        }
#pragma warning disable CA1031 // The application's types and converters run here; an old cookie that they cannot read must not fail the request.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Reject(CookieSessionRejection.Unreadable, out rejection, e);
        }
    }

    private (CookieEnvelope, TData)? Reject(
        CookieSessionRejection reason,
        out CookieSessionRejection? rejection,
        Exception? exception = null
    )
    {
        rejection = reason;
        _rejections.Write(reason, exception);
        return null;
    }
}
