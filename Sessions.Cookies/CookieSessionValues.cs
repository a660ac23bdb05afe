using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization.Metadata;
using Sessions.Cookies;

namespace Sessions;

/// <summary>
/// A session of values by key that the client keeps in its own cookie: <c>http.CookieSession()</c>. A text is kept as it is, anything else
/// as JSON in its web form (camel case). For more than a few values a type of one's own is safer: <see cref="CookieSession{TData}"/>, whose
/// limits are the same.
/// </summary>
public sealed class CookieSessionValues
{
    private const string Reflection =
        "JSON by reflection. Use the overload with a JsonTypeInfo where code is trimmed or compiled ahead of time.";

    private readonly CookieSession<CookieValueMap> _session;

    internal CookieSessionValues(CookieSession<CookieValueMap> session)
    {
        _session = session;
    }

    /// <inheritdoc cref="CookieSession{TData}.ExpiresAt"/>
    public DateTimeOffset? ExpiresAt => _session.ExpiresAt;

    /// <summary>All values; empty without a session.</summary>
    public SessionValues Values => _session.Get()?.Values ?? SessionValues.Empty;

    /// <summary>The value of a key, or the default of <typeparamref name="T"/> when there is none.</summary>
    /// <exception cref="System.Text.Json.JsonException">The value is not a <typeparamref name="T"/>.</exception>
    [RequiresUnreferencedCode(Reflection), RequiresDynamicCode(Reflection)]
    public T? Get<T>(string key) => Values.Get<T>(key);

    /// <summary>The value of a key, or the default of <typeparamref name="T"/> when there is none; without reflection.</summary>
    /// <inheritdoc cref="Get{T}(string)" path="/exception"/>
    public T? Get<T>(string key, JsonTypeInfo<T> type) => Values.Get(key, type);

    /// <summary>Whether there is a value of a key, and which.</summary>
    /// <inheritdoc cref="Get{T}(string)" path="/exception"/>
    [RequiresUnreferencedCode(Reflection), RequiresDynamicCode(Reflection)]
    public bool TryGet<T>(string key, out T? value)
    {
        value = Get<T>(key);
        return Values.ContainsKey(key);
    }

    /// <summary>Whether there is a value of a key, and which; without reflection.</summary>
    /// <inheritdoc cref="Get{T}(string)" path="/exception"/>
    public bool TryGet<T>(string key, JsonTypeInfo<T> type, out T? value)
    {
        value = Get(key, type);
        return Values.ContainsKey(key);
    }

    /// <summary>Sets one value, and begins a session where there is none.</summary>
    /// <exception cref="ArgumentException">A text is not well-formed or holds U+0000. Nothing was changed.</exception>
    /// <inheritdoc cref="CookieSession{TData}.Set" path="/exception"/>
    [RequiresUnreferencedCode(Reflection), RequiresDynamicCode(Reflection)]
    public void Set<T>(string key, T value) => Save(Values.Set(key, value));

    /// <summary>Sets one value, without reflection, and begins a session where there is none.</summary>
    /// <inheritdoc cref="Set{T}(string, T)" path="/exception"/>
    public void Set<T>(string key, T value, JsonTypeInfo<T> type) => Save(Values.Set(key, value, type));

    /// <summary>Removes one value. A session without values goes on, empty.</summary>
    /// <returns>Whether it was there.</returns>
    /// <inheritdoc cref="CookieSession{TData}.Set" path="/exception[@cref='InvalidOperationException']"/>
    public bool Remove(string key)
    {
        var there = Values.ContainsKey(key);
        if (there)
        {
            Save(Values.Remove(key));
        }

        return there;
    }

    /// <inheritdoc cref="CookieSession{TData}.Clear"/>
    public void Clear() => _session.Clear();

    private void Save(SessionValues values) => _session.Set(new CookieValueMap(values));
}
