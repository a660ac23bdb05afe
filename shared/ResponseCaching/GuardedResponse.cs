using System.Collections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Sessions.AspNetCore;

/// <summary>
/// A response whose headers cannot say more to caches than its guard permits: what is written beyond that is corrected at once. So the
/// response cache of the server, which reads the headers before <c>OnStarting</c>, reads the right ones, and a callback that runs after
/// ours cannot undo them.
/// </summary>
internal sealed class GuardedResponse(IHttpResponseFeature inner, ResponseGuard guard) : IHttpResponseFeature, IHeaderDictionary
{
    public int StatusCode
    {
        get => inner.StatusCode;
        set => inner.StatusCode = value;
    }

    public string? ReasonPhrase
    {
        get => inner.ReasonPhrase;
        set => inner.ReasonPhrase = value;
    }

    public IHeaderDictionary Headers
    {
        get => this;
        set => inner.Headers = value;
    }

    [Obsolete("Use IHttpResponseBodyFeature.Stream instead.")]
    public Stream Body
    {
        get => inner.Body;
        set => inner.Body = value;
    }

    public bool HasStarted => inner.HasStarted;

    public long? ContentLength
    {
        get => inner.Headers.ContentLength;
        set => inner.Headers.ContentLength = value;
    }

    public int Count => RestrictAll().Count;

    public bool IsReadOnly => inner.Headers.IsReadOnly;

    public ICollection<string> Keys => RestrictAll().Keys;

    public ICollection<StringValues> Values => RestrictAll().Values;

    public StringValues this[string key]
    {
        get => Restrict(key)[key];
        set
        {
            inner.Headers[key] = value;
            Restrict(key);
        }
    }

    StringValues IDictionary<string, StringValues>.this[string key]
    {
        get => ((IDictionary<string, StringValues>)Restrict(key))[key];
        set => this[key] = value;
    }

    public void OnStarting(Func<object, Task> callback, object state) => inner.OnStarting(callback, state);

    public void OnCompleted(Func<object, Task> callback, object state) => inner.OnCompleted(callback, state);

    public void Add(string key, StringValues value)
    {
        ((IDictionary<string, StringValues>)inner.Headers).Add(key, value);
        Restrict(key);
    }

    public void Add(KeyValuePair<string, StringValues> item) => Add(item.Key, item.Value);

    public void Clear() => inner.Headers.Clear();

    public bool Contains(KeyValuePair<string, StringValues> item) => Restrict(item.Key).Contains(item);

    public bool ContainsKey(string key) => Restrict(key).ContainsKey(key);

    public void CopyTo(KeyValuePair<string, StringValues>[] array, int arrayIndex) => RestrictAll().CopyTo(array, arrayIndex);

    public bool Remove(string key) => inner.Headers.Remove(key);

    public bool Remove(KeyValuePair<string, StringValues> item) => inner.Headers.Remove(item);

    public bool TryGetValue(string key, out StringValues value) => Restrict(key).TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, StringValues>> GetEnumerator() => RestrictAll().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private IHeaderDictionary Restrict(string key) => CacheHeaders.IsGuarded(key) ? RestrictAll() : inner.Headers;

    private IHeaderDictionary RestrictAll()
    {
        // What has started cannot change any more, and servers read it when the request is over.
        if (!inner.HasStarted)
        {
            guard.Restrict(inner.Headers);
        }

        return inner.Headers;
    }
}
