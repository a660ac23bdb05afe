using NUnit.Framework;

namespace Sessions.Tests.Docs;

/// <summary>
/// Some words tell a story where a sentence should name its subject. They are a tripwire: a sentence without them may still be unclear.
/// </summary>
public sealed class ProseTests
{
    [Test]
    public void Prose_names_its_subject() =>
        Assert.That(
            Prose.All.SelectMany(Prose.FindBannedWords),
            Is.Empty,
            "Name the person or thing: the user, the caller, the application, the request."
        );

    [TestCase("A session that he began.", "he")]
    [TestCase("Whoever holds the token, and nobody else.", "whoever", "nobody")]
    [TestCase("His `nobody` is code, and so is theirs.", "his")]
    [TestCase("```csharp\nvar nobody = 1;\n```\nThe user.")]
    [TestCase("The header there; shelter, history.")]
    public void A_word_is_found_in_a_sentence_and_not_in_code(string text, params string[] words) =>
        Assert.That(
            Prose.FindBannedWords(new("page.md", "line 1", Prose.WithoutCode(text))).Select(static hit => hit.Word),
            Is.EqualTo(words)
        );

    [Test]
    public void Pages_public_members_log_messages_and_sources_are_read()
    {
        var sources = Prose.All.ToLookup(static text => text.Source);

        Assert.That(sources.Select(static source => source.Key), Is.SupersetOf(["README.md", "docs/http.md", "Sessions.Core.xml", "log"]));
        var core = sources["Sessions.Core.xml"].Select(static text => text.Place).ToList();
        Assert.That(core, Has.Member("T:Sessions.SessionManager").And.Some.StartsWith("M:Sessions.SessionManager.FetchAllAsync("));
        Assert.That(core, Has.Some.StartsWith("M:Sessions.RequireSessionAttribute.#ctor(").And.Some.Contains(".GetSessionUser``1("));
        Assert.That(core, Has.None.Contains("SecondChanceCache"), "What is internal is not read by users.");
        Assert.That(sources["log"], Is.Not.Empty);
        Assert.That(
            sources["source"].Select(static line => line.Place.Split('/')[0]),
            Is.SupersetOf(["Sessions.Core", "Sessions.Redis", "shared", "samples"])
        );
    }
}
