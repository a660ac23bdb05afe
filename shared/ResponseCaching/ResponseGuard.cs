using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Sessions.AspNetCore;

/// <summary>How far caches may go with a response. Each value forbids more than the one before it.</summary>
internal enum CacheLimit
{
    /// <summary>As far as the endpoint says.</summary>
    None,

    /// <summary>The response depends on the absence of a session: a cache between must tell requests apart by their cookies.</summary>
    Varying,

    /// <summary>It was made for one session: no cache between may keep it.</summary>
    Private,

    /// <summary>It carries a token, or takes one back: no cache may keep it.</summary>
    NoStore,
}

/// <summary>
/// Keeps the response that was made for one client from all others, whatever the endpoint says to caches, or what stands before or behind
/// it. A limit is only ever tightened. From then on it holds with each change of the headers (<see cref="GuardedResponse"/>), and again
/// when the response starts: first in the place of this guard, last of all where there is a <see cref="ResponseGuardStartupFilter"/>.
/// </summary>
internal sealed class ResponseGuard
{
    private readonly HttpContext _context;
    private CacheLimit _limit;
    private bool _variesByAuthorization;
    private bool _forbidsOutputCache;
    private IHttpResponseFeature? _guarded;

    private ResponseGuard(HttpContext context)
    {
        _context = context;
    }

    /// <summary>The guard of a response, added if need be.</summary>
    public static ResponseGuard GetOrAdd(HttpContext context)
    {
        if (Find(context) is { } known)
        {
            return known;
        }

        var guard = new ResponseGuard(context);
        context.Features[typeof(ResponseGuard)] = guard;
        return guard;
    }

    /// <summary>Writes what the guard of a response says, if there is one. May be called more than once.</summary>
    public static void Complete(HttpContext context) => Find(context)?.Complete();

    /// <summary>Tightens the limit. Without effect on the headers of a response that has started.</summary>
    /// <param name="limit">The limit; a wider one than before changes nothing.</param>
    /// <param name="bearer">Whether the response depends on the Authorization header too.</param>
    /// <param name="allowsOutputCache">Whether another part of the application keeps sessions apart in the output cache.</param>
    public void Limit(CacheLimit limit, bool bearer = false, bool allowsOutputCache = false)
    {
        _variesByAuthorization |= bearer;
        _forbidsOutputCache |= !allowsOutputCache || limit >= CacheLimit.Private;
        ForbidOutputCache();
        if (limit <= _limit)
        {
            return;
        }

        _limit = limit;
        if (_context.Response.HasStarted)
        {
            return;
        }

        if (_guarded is null)
        {
            _guarded = _context.Features.GetRequiredFeature<IHttpResponseFeature>();
            _context.Features.Set<IHttpResponseFeature>(new GuardedResponse(_guarded, this));
            _context.Response.OnStarting(
                static guard =>
                {
                    ((ResponseGuard)guard).Complete();
                    return Task.CompletedTask;
                },
                this
            );
        }

        if (limit == CacheLimit.NoStore)
        {
            Complete();
        }
    }

    /// <summary>Takes from headers what they say beyond the limit. What is not said stays open until the response starts.</summary>
    public void Restrict(IHeaderDictionary headers)
    {
        ForbidOutputCache();
        CacheHeaders.Restrict(headers, _limit, _variesByAuthorization);
    }

    private static ResponseGuard? Find(HttpContext context) => context.Features[typeof(ResponseGuard)] as ResponseGuard;

    private void Complete()
    {
        ForbidOutputCache();
        if (!_context.Response.HasStarted)
        {
            // Not by way of the guarded response, which would restrict them with each of the headers that are read and written here.
            CacheHeaders.Complete(_guarded?.Headers ?? _context.Response.Headers, _limit, _variesByAuthorization);
        }
    }

    /// <summary>The cache may have entered the request after the limit was set, or one of its policies may have allowed it again.</summary>
    private void ForbidOutputCache()
    {
        if (_forbidsOutputCache)
        {
            OutputCaches.ForbidStorage(_context);
        }
    }
}
