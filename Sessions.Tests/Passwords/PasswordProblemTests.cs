using NUnit.Framework;

namespace Sessions.Tests.Passwords;

/// <summary>What rivo/sessions says of passwords, with its minimum of eight characters.</summary>
public sealed class PasswordProblemTests
{
    private static readonly PasswordChecker Checker = new(new() { MinLength = PasswordCheckOptions.MultiFactorMinLength });

    [TestCase("hflIhf.lKK$982ß", null)]
    [TestCase("abc", PasswordProblem.TooShort)]
    [TestCase("Example.com", PasswordProblem.Name)]
    [TestCase("Mail@Example.Com", PasswordProblem.Name)]
    [TestCase("football", PasswordProblem.Compromised)]
    [TestCase("aardvarks", PasswordProblem.Dictionary)]
    [TestCase("üüüüüüüü", PasswordProblem.Repetitive)]
    [TestCase("defghijklmnopqrstu", PasswordProblem.Sequential)]
    [TestCase("qwertzuiopü", PasswordProblem.Sequential)]
    [TestCase("ertzuiop", PasswordProblem.Sequential)]
    [TestCase("azertyuiop", PasswordProblem.Sequential)]
    [TestCase("ASDFGHJKLÖÄ", PasswordProblem.Sequential)]
    [TestCase("qsdfghjklm", PasswordProblem.Sequential)]
    [TestCase("01234567890", PasswordProblem.Sequential)]
    public async Task A_password_has_the_reason_that_it_has_there(string password, PasswordProblem? first)
    {
        var verdict = await Checker.CheckAsync(password, ["example.com", "example", "mail@example.com"]);

        Assert.That(verdict.Problems.Cast<PasswordProblem?>().FirstOrDefault(), Is.EqualTo(first));
        Assert.That(verdict.IsAccepted, Is.EqualTo(first is null));
    }
}
