namespace Sessions.Testing;

/// <summary>Well-formed text that stores have been known to lose, change or take for something else.</summary>
internal static class HostileText
{
    /// <summary>
    /// Short texts of every kind, by name. None has more than 128 bytes of UTF-8, so that each fits anywhere in a session.
    /// </summary>
    public static IReadOnlyDictionary<string, string> All { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["colons"] = ":a::b:",
            ["braces"] = "{a}{b}",
            ["a lone brace"] = "}{",
            ["single quotes"] = "o'hara ''",
            ["double quotes"] = "\"a\" \"\"",
            ["backslashes"] = @"\ \\ \n \u0041",
            ["a line feed"] = "a\nb\n",
            ["a carriage return"] = "a\r\nb\r",
            ["tabs and blanks"] = " \ta\t ",
            ["controls"] = "\u0001\u0007\b\u001B\u007F\u0085",
            ["emoji"] = "👩‍👩‍👧‍👦🏳️‍🌈😀",
            ["combining characters"] = "e\u0301 A\u030A o\u0308\u0323",
            ["composed characters"] = "\u00E9 \u00C5 \u1ECD\u0308",
            ["right to left"] = "שלום \u202Eabc\u202C مرحبا",
            ["outside the basic plane"] = "\U00010000\U0001F600\U0010FFFF",
            ["noncharacters"] = "\uFFFE\uFFFF\uFDD0",
            ["a byte order mark"] = "\uFEFFa",
            ["line separators"] = "a\u2028b\u2029c",
            ["like wildcards"] = "%_a%",
            ["glob wildcards"] = "*?[a-z]^",
            ["json"] = """{"a":[1,"b\n",null]}""",
            ["json literals"] = "null",
            ["a number"] = "007.10",
            ["sql"] = "'); DROP TABLE sessions; --",
            ["sql parameters"] = "@id $1 :id ?",
            ["a script"] = "]] return redis.call('FLUSHALL') --[[",
            ["html"] = "<script>alert(1)</script>&amp;",
            ["a path"] = "../../etc/passwd",
            ["a json path"] = "$.a['b'][0]",
            ["format strings"] = "%s%n{0}${a}",
            ["letters that fold"] = "ß ſ ﬀ İ ı K Σς",
        };

    /// <summary>Texts that differ only in what a careless comparison overlooks. No two of them are the same text.</summary>
    public static IReadOnlyList<string> LookAlikes { get; } =
    [
        "ann",
        "Ann",
        "ANN",
        "ann ",
        " ann",
        "ann\t",
        "ann\n",
        "ａｎｎ",
        "a\u200Dnn",
        "a\u00ADnn",
        "ann\u0301",
        "an\u0144",
        "an%",
        "an_",
        "an*",
        "an?",
        "a[n]n",
        "{ann}",
        ":ann",
        "ann:",
        "'ann'",
        "\\ann",
        "strasse",
        "straße",
        "straſse",
        "i",
        "I",
        "ı",
        "İ",
        "é",
        "e\u0301",
        "K",
        "\u212A",
        "1",
        "01",
        "1.0",
    ];
}

/// <summary>Test cases by name: not every test host can show the texts themselves.</summary>
internal static class HostileTextNames
{
    public static IEnumerable<string> All => HostileText.All.Keys;
}
