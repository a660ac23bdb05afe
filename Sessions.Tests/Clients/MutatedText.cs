using System.Text;
using Sessions.Testing;

namespace Sessions.Tests.Clients;

/// <summary>Texts that were well-formed once: cut, repeated, spliced and sprinkled with characters that break readers.</summary>
internal sealed class MutatedText(SeededRandom random, string[] seeds)
{
    private const string SpecialCharacters = "\0\t\r\n \"\\,;=?/()+\u007f\u0130\u2028\ud800\udc00\uffff";

    public string Next()
    {
        var text = new StringBuilder(seeds[random.Next(seeds.Length)]);
        for (var changes = 1 + random.Next(8); changes > 0; changes--)
        {
            Mutate(text);
        }

        return text.ToString();
    }

    private void Mutate(StringBuilder text)
    {
        var at = random.Next(text.Length + 1);
        switch (random.Next(5))
        {
            case 0:
                text.Insert(at, SpecialCharacters[random.Next(SpecialCharacters.Length)]);
                break;
            case 1:
                text.Insert(at, (char)random.Next(char.MaxValue + 1));
                break;
            case 2:
                text.Length = at;
                break;
            case 3:
                text.Remove(0, at);
                break;
            default:
                text.Insert(at, seeds[random.Next(seeds.Length)]);
                break;
        }
    }
}
