using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Sessions.AspNetCore;

namespace Sessions.Cookies;

/// <summary>
/// A text in one cookie or several. Of several, the first says how many there are: <c>NAME=3~...</c>, <c>NAME.1=...</c>, <c>NAME.2=...</c>;
/// a tilde is in no text.
/// </summary>
internal sealed class ChunkedCookie(CookieBuilder cookie, int maxChunks, TimeProvider time)
{
    public const int MaxChunkCount = 7;

    /// <summary>
    /// What browsers keep at least and, some of them, at most, name and attributes included (RFC 6265bis sections 5.7 and 6.1).
    /// </summary>
    public const int MaxSize = 4096;

    private const char CountMark = '~';
    private const int CountMarkLength = 2;

    public string Name { get; } = cookie.Name!;

    public int MaxTotalSize => maxChunks * MaxSize;

    /// <summary>The names that a cookie takes, whether or not it is in several now: it may have been before.</summary>
    public static IEnumerable<string> GetNames(string name) =>
        Enumerable.Range(0, MaxChunkCount).Select(index => GetChunkName(name, index));

    /// <summary>
    /// The text; null when there is none. One whose chunks are not all there is empty, and so is one that is there twice with different
    /// values.
    /// </summary>
    public string? Read(StringValues headers)
    {
        if (!CookieHeader.TryGet(headers, Name, out var text))
        {
            return null;
        }

        if (text.Length < CountMarkLength || text[1] != CountMark)
        {
            return text.ToString();
        }

        var (count, parts) = (text[0] - '0', text[CountMarkLength..].ToString());
        for (var i = 1; i < count; i++)
        {
            if (count > MaxChunkCount || !CookieHeader.TryGet(headers, GetChunkName(i), out var part))
            {
                return "";
            }

            parts += part.ToString();
        }

        return count < 2 ? "" : parts;
    }

    /// <summary>The values of the cookies that a text takes, in order; null with its size when there is not room for it.</summary>
    public IReadOnlyList<string>? Split(HttpContext context, string text, TimeSpan? maxAge, out int size)
    {
        var options = CreateOptions(context, maxAge);
        size = GetSize(Name, text, options);
        if (size <= MaxSize)
        {
            return [text];
        }

        var room = MaxSize - GetSize(GetChunkName(MaxChunkCount), "", options) - CountMarkLength;
        var chunks = text.Chunk(room).Select(static chunk => new string(chunk)).ToArray();
        chunks[0] = string.Create(CultureInfo.InvariantCulture, $"{chunks.Length}{CountMark}{chunks[0]}");
        size = maxChunks == 1 ? size : chunks.Select((chunk, i) => GetSize(GetChunkName(i), chunk, options)).Sum();
        return chunks.Length <= maxChunks ? chunks : null;
    }

    /// <summary>Gives the browser the cookies, and takes back what an earlier text left over.</summary>
    public void Write(HttpContext context, IReadOnlyList<string> values, TimeSpan? maxAge)
    {
        var options = CreateOptions(context, maxAge);
        for (var i = 0; i < values.Count; i++)
        {
            context.Response.Cookies.Append(GetChunkName(i), values[i], options);
        }

        Delete(context, values.Count);
    }

    /// <summary>
    /// Takes back what the browser has shown. It deletes only what is named with the attributes that it was set with, so all are said
    /// again.
    /// </summary>
    public void Delete(HttpContext context, int fromChunk = 0)
    {
        var options = CookieRules.ToDeletionOptions(cookie.Build(context));
        for (var i = fromChunk; i < MaxChunkCount; i++)
        {
            if (CookieHeader.TryGet(context.Request.Headers.Cookie, GetChunkName(i), out _))
            {
                context.Response.Cookies.Append(GetChunkName(i), "", options);
            }
        }
    }

    private static int GetSize(string name, string value, CookieOptions options) =>
        options.CreateCookieHeader(name, value).ToString().Length;

    private CookieOptions CreateOptions(HttpContext context, TimeSpan? maxAge)
    {
        var options = cookie.Build(context);
        options.MaxAge = maxAge;
        options.Expires = time.GetUtcNow() + maxAge;
        return options;
    }

    private string GetChunkName(int index) => GetChunkName(Name, index);

    private static string GetChunkName(string name, int index) =>
        index == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}.{index}");
}
