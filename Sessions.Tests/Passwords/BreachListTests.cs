using NUnit.Framework;

namespace Sessions.Tests.Passwords;

public sealed class BreachListTests
{
    private const string Good = "correct horse battery staple";

    [Test]
    public async Task A_password_on_any_list_is_compromised()
    {
        var checker = new PasswordChecker(
            breachedLists: [new BreachedPasswordList(["something else"]), new BreachedPasswordList(["", "\ud800", Good])]
        );

        Assert.That((await checker.CheckAsync(Good)).Problems, Is.EqualTo([PasswordProblem.Compromised]));
        Assert.That((await checker.CheckAsync(Good.ToUpperInvariant())).Problems, Is.EqualTo([PasswordProblem.Compromised]));
        Assert.That((await checker.CheckAsync(Good + "s")).IsAccepted, Is.True);
    }

    [Test]
    public async Task A_list_is_read_from_a_file_with_a_password_a_line()
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, $"пароль с пробелом\r\n\r\n {Good}\n{Good}");
            var list = BreachedPasswordList.Read(path);

            Assert.That(list.Count, Is.EqualTo(3));
            Assert.That(await list.ContainsAsync("пароль с пробелом", default), Is.True);
            Assert.That(await list.ContainsAsync("", default), Is.False);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void A_file_that_is_not_there_is_an_error() =>
        Assert.That(() => BreachedPasswordList.Read("/nowhere/breached.txt"), Throws.InstanceOf<IOException>());

    [Test]
    public async Task A_list_is_not_queried_for_a_password_that_is_refused_anyway()
    {
        var list = new BreachedPasswordLists.FailingList(new TimeoutException());
        var checker = new PasswordChecker(breachedLists: [list]);

        Assert.That((await checker.CheckAsync("football")).IsAccepted, Is.False);
        Assert.That(list.QueryCount, Is.Zero);
    }

    [Test]
    public void A_list_that_fails_lets_nothing_pass([Values] bool own)
    {
        // A time limit of the list's own is a failure; only the caller can cancel.
        Exception failure = own ? new TaskCanceledException() : new HttpRequestException("429");
        var checker = new PasswordChecker(breachedLists: [new BreachedPasswordLists.FailingList(failure), new BreachedPasswordList([])]);

        Assert.That(
            async () => await checker.CheckAsync(Good),
            Throws.TypeOf<BreachedPasswordListException>().With.InnerException.SameAs(failure)
        );
    }

    [Test]
    public void The_message_of_a_failure_does_not_contain_the_password()
    {
        var checker = new PasswordChecker(breachedLists: [new BreachedPasswordLists.FailingList(new TimeoutException())]);

        Assert.That(async () => await checker.CheckAsync(Good), Throws.Exception.With.Property("Message").Not.Contains("horse"));
    }

    [Test]
    public void A_caller_who_gives_up_cancels_the_lookup()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        var checker = new PasswordChecker(breachedLists: [new BreachedPasswordLists.Cancellable()]);

        Assert.That(async () => await checker.CheckAsync(Good, null, cancelled.Token), Throws.InstanceOf<OperationCanceledException>());
    }
}
