using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Sessions.AspNetCore;

namespace Sessions;

/// <content>The application's values. They are read from <c>GetSession().Values</c>.</content>
public static partial class HttpContextSessionExtensions
{
    /// <summary>Changes values of this session, key by key.</summary>
    /// <returns>What became of it; <see cref="SessionUpdate.Gone"/> without a session.</returns>
    /// <exception cref="InvalidOperationException">The endpoint has neither filter.</exception>
    public static ValueTask<SessionUpdate> UpdateSessionValuesAsync(this HttpContext context, ValuesPatch patch, string name = "")
    {
        ArgumentNullException.ThrowIfNull(patch);
        return SessionOperations.UpdateValuesAsync(GetFeature(context, name), patch);
    }

    /// <summary>Sets one value of this session. A request without a session gets a visitor's.</summary>
    /// <returns>
    /// Whether it is stored: not when the values would be too large, nor where <see cref="StartVisitorSessionAsync"/> would begin no
    /// session.
    /// </returns>
    /// <exception cref="InvalidOperationException">The endpoint has neither filter; or a session would have to be begun, and the response
    /// has started.</exception>
    [RequiresUnreferencedCode(SessionJson.Reflection), RequiresDynamicCode(SessionJson.Reflection)]
    public static ValueTask<bool> SetSessionValueAsync<T>(this HttpContext context, string key, T value, string name = "") =>
        SessionOperations.SetValueAsync(GetFeature(context, name), key, SessionJson.Write(value));

    /// <summary>Sets one value of this session, without reflection. A request without a session gets a visitor's.</summary>
    /// <inheritdoc cref="SetSessionValueAsync{T}(HttpContext, string, T, string)" path="/*[not(self::summary)]"/>
    public static ValueTask<bool> SetSessionValueAsync<T>(
        this HttpContext context,
        string key,
        T value,
        JsonTypeInfo<T> type,
        string name = ""
    ) => SessionOperations.SetValueAsync(GetFeature(context, name), key, SessionJson.Write(value, type));

    /// <summary>Reads a value once: it is removed. Of two requests that take one value, one gets it.</summary>
    /// <returns>What it was; the default of <typeparamref name="T"/> when it was not there.</returns>
    /// <exception cref="InvalidOperationException">The endpoint has neither filter.</exception>
    [RequiresUnreferencedCode(SessionJson.Reflection), RequiresDynamicCode(SessionJson.Reflection)]
    public static async ValueTask<T?> TakeSessionValueAsync<T>(this HttpContext context, string key, string name = "") =>
        await SessionOperations.TakeValueAsync(GetFeature(context, name), key).ConfigureAwait(false) is { } text
            ? SessionJson.Read<T>(text)
            : default;

    /// <summary>Reads a value once, without reflection: it is removed. Of two requests that take one value, one gets it.</summary>
    /// <inheritdoc cref="TakeSessionValueAsync{T}(HttpContext, string, string)" path="/*[not(self::summary)]"/>
    public static async ValueTask<T?> TakeSessionValueAsync<T>(
        this HttpContext context,
        string key,
        JsonTypeInfo<T> type,
        string name = ""
    ) =>
        await SessionOperations.TakeValueAsync(GetFeature(context, name), key).ConfigureAwait(false) is { } text
            ? SessionJson.Read(text, type)
            : default;
}
