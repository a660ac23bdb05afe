using System.Buffers;

namespace Sessions;

/// <summary>Tokens to look for in a text, all in one pass. Of those that are there the first row counts.</summary>
internal sealed class TokenTable<T>((string Token, T Value)[] rows)
{
    private readonly SearchValues<string> _tokens = SearchValues.Create(Array.ConvertAll(rows, row => row.Token), StringComparison.Ordinal);

    public ReadOnlySpan<(string Token, T Value)> Rows => rows;

    /// <summary>The value of the first row whose token is in the text, else <paramref name="defaultValue"/>.</summary>
    public T Find(ReadOnlySpan<char> text, T defaultValue)
    {
        var first = rows.Length;
        while (text.IndexOfAny(_tokens) is >= 0 and var at)
        {
            text = text[at..];
            for (var i = 0; i < first; i++)
            {
                if (text.StartsWith(rows[i].Token, StringComparison.Ordinal))
                {
                    first = i;
                }
            }

            text = text[1..];
        }

        return first < rows.Length ? rows[first].Value : defaultValue;
    }
}
