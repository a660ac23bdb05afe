using NUnit.Framework;
using Sessions.Testing;
using Sessions.Tests.Clients;

namespace Sessions.Tests.Passwords;

public sealed class PasswordCheckerTests
{
    private static readonly PasswordChecker Checker = new();
    private static readonly PasswordChecker Second = new(new() { MinLength = PasswordCheckOptions.MultiFactorMinLength });

    [TestCase("correct horse battery staple")]
    [TestCase("korrekt pferd batterie", Description = "no digit, no capital, no symbol")]
    [TestCase("ένα άλογο σε μια μπαταρία")]
    [TestCase("馬が電池をホチキスで留めるのは正しい")]
    [TestCase("  spaces are characters too  ")]
    public async Task Long_and_hard_to_guess_is_all_that_is_required(string password)
    {
        var verdict = await Checker.CheckAsync(password);

        Assert.That(verdict.Problems, Is.Empty);
        Assert.That((verdict.IsAccepted, verdict.Score, verdict.ToString()), Is.EqualTo((true, 4, "accepted")));
    }

    [TestCase("hflIhf.lKK$982", PasswordProblem.TooShort, Description = "14 characters")]
    [TestCase("", PasswordProblem.TooShort)]
    [TestCase("football", PasswordProblem.TooShort, PasswordProblem.Compromised)]
    [TestCase("passwordpassword", PasswordProblem.Repetitive)]
    [TestCase("abcabcabcabcabca", PasswordProblem.Repetitive, Description = "the last one cut short")]
    [TestCase("aaaaaaaaaabbbbbbbbbb", PasswordProblem.Repetitive)]
    [TestCase("fedcba9876543210", PasswordProblem.Sequential, Description = "runs that follow each other")]
    [TestCase("ФЕДГВБАфедгвба", PasswordProblem.TooShort)]
    [TestCase("абвгдежзийклмноп", PasswordProblem.Sequential)]
    [TestCase("ponmlkjihgfedcba", PasswordProblem.Sequential)]
    [TestCase("zxcvbnm,./asdfghjkl;'", PasswordProblem.Sequential)]
    [TestCase("P@ssw0rd12345678", PasswordProblem.Dictionary)]
    [TestCase("thunderstruck2012", PasswordProblem.Dictionary)]
    [TestCase("smith jones williams", PasswordProblem.Name)]
    [TestCase("12/12/1984 1984", PasswordProblem.Guessable)]
    public async Task A_weak_password_is_refused_with_the_reason(string password, params PasswordProblem[] problems)
    {
        var verdict = await Checker.CheckAsync(password);

        Assert.That(verdict.Problems, Is.EqualTo(problems));
        Assert.That(verdict.Messages, Has.Count.EqualTo(problems.Length).And.All.EndsWith("."));
        Assert.That(verdict.IsAccepted, Is.False);
    }

    [TestCase("annabel.zwiebelfisch@example.com")]
    [TestCase("Annabel Zwiebelfisch")]
    [TestCase("zwiebelfischannabel")]
    [TestCase("ZWIEBELFISCH2026")]
    [TestCase("Zw1ebelf1sch2026", Description = "disguised")]
    [TestCase("FruitShopFruitShopX", Description = "the application")]
    public async Task What_is_known_of_the_user_and_the_application_makes_no_password(string password)
    {
        var checker = new PasswordChecker(new() { Words = { "FruitShop" } });
        var known = await checker.CheckAsync(
            password,
            [null, "", "  ", "\ud800", "Annabel Zwiebelfisch", "annabel.zwiebelfisch@example.com"]
        );
        var unknown = await Checker.CheckAsync("zwiebelfischannabel");

        Assert.That(
            known.Problems,
            Has.Count.EqualTo(1).And.SubsetOf((PasswordProblem[])[PasswordProblem.Name, PasswordProblem.Repetitive])
        );
        Assert.That(unknown.IsAccepted, Is.True, "Nobody else would have it.");
    }

    [Test]
    public async Task A_minimum_counts_what_people_see_and_a_maximum_code_points()
    {
        var family = "👨‍👩‍👧‍👦";
        var accents = string.Concat("qzjvkxwypfbgdm".Select(letter => letter + "\u0301"));
        var longest = string.Concat(Enumerable.Range(0, 256).Select(i => char.ConvertFromUtf32(0x1F300 + (i * 7 % 256))));

        Assert.That((await Checker.CheckAsync(accents)).Problems, Does.Contain(PasswordProblem.TooShort), "14 letters of 28 code points");
        Assert.That((await Checker.CheckAsync(accents + "x")).Problems, Is.Empty);
        Assert.That((await Second.CheckAsync(family + "xkqjvbz")).Problems, Is.Empty);
        Assert.That((await Second.CheckAsync(family + "xkqjvb")).Problems, Is.EqualTo([PasswordProblem.TooShort]));
        Assert.That(
            (await Checker.CheckAsync(string.Concat(Enumerable.Repeat(family, 15)))).Problems,
            Is.EqualTo([PasswordProblem.Repetitive])
        );
        Assert.That((await Checker.CheckAsync(longest)).Problems, Is.Empty);
        Assert.That((await Checker.CheckAsync(longest + "x")).Problems, Is.EqualTo([PasswordProblem.TooLong]));
    }

    [TestCase('\ud800')]
    [TestCase('\udc00')]
    public async Task Ill_formed_text_is_no_password(char surrogate)
    {
        Assert.That(
            (await Checker.CheckAsync($"correct horse {surrogate} battery staple")).Problems,
            Is.EqualTo([PasswordProblem.IllFormed])
        );
        Assert.That(
            (await Checker.CheckAsync($"correct horse battery staple{surrogate}")).Problems,
            Is.EqualTo([PasswordProblem.IllFormed])
        );
    }

    [Test]
    public async Task The_least_score_is_the_application_s_choice()
    {
        const string password = "thunderstruck2012";
        var lenient = new PasswordChecker(new() { MinScore = 1 });
        var none = new PasswordChecker(new() { MinScore = 0 });

        Assert.That((await lenient.CheckAsync(password)).Score, Is.EqualTo(1));
        Assert.That((await lenient.CheckAsync(password)).IsAccepted, Is.True);
        Assert.That((await none.CheckAsync("passwordpassword")).IsAccepted, Is.True);
        Assert.That((await none.CheckAsync("aaaaaaaaaaaaaaaaaa")).Problems, Is.EqualTo([PasswordProblem.Repetitive]));
    }

    [Test]
    public void Options_that_cannot_be_met_are_refused_at_once()
    {
        Assert.That(
            () => new PasswordChecker(new() { MinLength = 7 }),
            Throws.ArgumentException.With.Message.Contains("MinLength is 7; set it to 8 or more")
        );
        Assert.That(
            () => new PasswordChecker(new() { MaxLength = 63 }),
            Throws.ArgumentException.With.Message.Contains("MaxLength is 63; set it to 64")
        );
        Assert.That(
            () => new PasswordChecker(new() { MaxLength = 4097 }),
            Throws.ArgumentException.With.Message.Contains("4096 at the most")
        );
        Assert.That(
            () => new PasswordChecker(new() { MinLength = 65, MaxLength = 64 }),
            Throws.ArgumentException.With.Message.Contains("smaller")
        );
        Assert.That(() => new PasswordChecker(new() { MinScore = 5 }), Throws.ArgumentException.With.Message.Contains("MinScore is 5"));
    }

    [Test]
    public async Task Many_passwords_at_once_are_judged_as_one_by_one()
    {
        var passwords = Enumerable.Range(0, 200).Select(i => $"{(i % 2 == 0 ? "football" : "correct horse staple")} {i} ann{i}").ToList();
        var alone = new List<string>();
        foreach (var password in passwords)
        {
            alone.Add(await CheckAsync(password));
        }

        Assert.That(await Task.WhenAll(passwords.Select(password => Task.Run(() => CheckAsync(password)))), Is.EqualTo(alone));
        Assert.That(alone, Has.Some.EndsWith("accepted 4").And.Some.Contains("Dictionary"));

        static async Task<string> CheckAsync(string password)
        {
            var verdict = await Checker.CheckAsync(password, [password.Split(' ')[^1]]);
            return $"{password}: {verdict} {verdict.Score}";
        }
    }

    [Test]
    public void No_password_breaks_the_checker()
    {
        string[] seeds = ["correct horse", "P@ssw0rd!", "1/1/91", "qwertz", "ﬁancée", "👨‍👩‍👧‍👦", "aaaa", "馬が電池"];
        var mutations = new MutatedText(new SeededRandom(20_260_205), seeds);
        var password = "";

        Assert.That(
            async () =>
            {
                for (var i = 0; i < 2000; i++)
                {
                    password = mutations.Next();
                    await Checker.CheckAsync(password, [mutations.Next()]);
                }
            },
            Throws.Nothing,
            () => password
        );
    }
}
