using System.Text.RegularExpressions;
using NUnit.Framework;
using Sessions.Tests.Building;

namespace Sessions.Tests.Redis;

/// <summary>The layout of a record is written once, in C#: a number in a script would be a second place.</summary>
public sealed partial class RedisStatementTests
{
    private static readonly string[] s_files =
    [
        .. Directory
            .GetFiles(Repository.PathOf("Sessions.Redis"), "*.cs")
            .Where(static file => File.ReadAllText(file).Contains("redis.call(", StringComparison.Ordinal)),
    ];

    [Test]
    public void Scripts_stand_in_the_statements() =>
        Assert.That(
            s_files.Select(Path.GetFileName),
            Is.EquivalentTo([
                "RedisStatements.cs",
                "RedisStatements.Delete.cs",
                "RedisStatements.Read.cs",
                "RedisStatements.Update.cs",
                "RedisStatements.Write.cs",
            ])
        );

    [TestCaseSource(nameof(s_files))]
    public void A_script_has_no_number_of_its_own_but_0_and_1(string file) => Assert.That(FindNumbers(File.ReadAllText(file)), Is.Empty);

    [TestCase("string.sub(record, 95)", "95")]
    [TestCase("struct.unpack('>i7', record, {{Lua(ExpiresAtOffset)}})", "7")]
    [TestCase("ARGV[2]", "2")]
    [TestCase("if #ids > 1 and keys[{{KeyCount}}] == 0 then", null)]
    [TestCase("string.format('%02x', byte) -- 8 bytes", null)]
    public void A_number_of_a_script_would_be_found(string lua, string? number) =>
        Assert.That(FindNumbers($"\"\"\"\n{lua}\n\"\"\""), Is.EqualTo(new[] { number }.OfType<string>()));

    private static List<string> FindNumbers(string source) =>
        [
            .. Script()
                .Matches(source)
                .Select(static script => Hole().Replace(script.Groups[1].Value, "x"))
                .Select(static lua => Comment().Replace(lua, ""))
                .SelectMany(static lua =>
                    Format()
                        .Matches(lua)
                        .SelectMany(static format => Digits().Matches(format.Groups[1].Value))
                        .Concat(Number().Matches(Text().Replace(lua, "''")))
                )
                .Select(static number => number.Value)
                .Where(static number => number is not ("0" or "1")),
        ];

    [GeneratedRegex(@"""""""(.*?)""""""", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex(@"\{\{.*?\}\}")]
    private static partial Regex Hole();

    [GeneratedRegex(@"--.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"struct\.(?:un)?pack\('([^']*)'")]
    private static partial Regex Format();

    [GeneratedRegex(@"'[^'\n]*'")]
    private static partial Regex Text();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digits();

    [GeneratedRegex(@"(?<!\w)\d+")]
    private static partial Regex Number();
}
