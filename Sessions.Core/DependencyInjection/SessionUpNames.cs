using System.Collections;

namespace Sessions;

/// <summary>The names that AddSessionUp was called with, each once, in order.</summary>
internal sealed class SessionUpNames : IEnumerable<string>
{
    private readonly List<string> _names = [];

    public bool Add(string name)
    {
        if (_names.Contains(name, StringComparer.Ordinal))
        {
            return false;
        }

        _names.Add(name);
        return true;
    }

    public IEnumerator<string> GetEnumerator() => _names.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
