using NUnit.Framework;
using Sessions.Passwords;
using Zxcvbn;

namespace Sessions.Tests.Passwords;

/// <summary>Nobody can make the server work for nothing: counted, not timed.</summary>
public sealed class LongPasswordTests
{
    private readonly List<(string Text, string[] Words)> _estimated = [];
    private readonly List<string> _queried = [];
    private PasswordChecker _checker = null!;

    [SetUp]
    public void Reset()
    {
        _estimated.Clear();
        _queried.Clear();
        _checker = new(new(), [new RecordingList(_queried)], new PasswordStrengthEstimator(Record));
    }

    [Test]
    public async Task What_is_too_long_is_refused_before_any_work([Values(257, 513, 10_000_000)] int length)
    {
        var verdict = await _checker.CheckAsync(new string('x', length), CreateEndlessList());

        Assert.That(verdict.Problems, Is.EqualTo([PasswordProblem.TooLong]));
        Assert.That((_estimated.Count, _queried.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task Of_a_long_password_the_estimator_sees_the_head_and_the_breach_list_all()
    {
        var password = string.Concat(Enumerable.Range(0, 64).Select(i => $"{i:x4}"));

        Assert.That((await _checker.CheckAsync(password)).IsAccepted, Is.True);
        Assert.That(_estimated.Single().Text, Is.EqualTo(password[..64]));
        Assert.That(_queried, Is.EqualTo([password]));
    }

    [Test]
    public async Task The_estimator_is_given_32_short_words_however_much_is_known()
    {
        var about = Enumerable.Range(0, 1000).Select(i => $"first{i} second{i} {new string('x', 1000)}");

        await _checker.CheckAsync("correct horse battery staple", about);

        Assert.That(_estimated.Single().Words, Has.Length.EqualTo(32).And.All.Length.LessThanOrEqualTo(64));
    }

    [Test]
    public void Words_of_the_user_are_compared_up_to_the_maximum_length_of_a_password()
    {
        var known = string.Concat(Enumerable.Range(0, 2000).Select(i => $"\U0001F600{i:x4}"));

        var words = new UserWords([$"ann {known}", known[..510]]);

        Assert.That(words.Contains($"ann {known}"), Is.False);
        Assert.That(words.Contains(known[..510]), Is.True);
        Assert.That(words.Words, Does.Contain("ann"));
    }

    [Test]
    public async Task A_repeated_password_is_as_good_as_what_it_repeats()
    {
        var weak = await _checker.CheckAsync("footballfootballfoot");
        await _checker.CheckAsync("correct horse battery staple, correct horse battery staple, ");

        Assert.That(weak.Problems, Is.EqualTo([PasswordProblem.Repetitive]));
        Assert.That(_estimated.Select(estimate => estimate.Text), Is.EqualTo(["football", "correct horse battery staple, "]));
    }

    private Result Record(string text, IEnumerable<string> words)
    {
        _estimated.Add((text, [.. words]));
        return new Zxcvbn.Zxcvbn().EvaluatePassword(text);
    }

    private static IEnumerable<string> CreateEndlessList()
    {
        while (true)
        {
            yield return "ann";
        }
    }

    private sealed class RecordingList(List<string> asked) : IBreachedPasswordList
    {
        public ValueTask<bool> ContainsAsync(string password, CancellationToken cancellationToken)
        {
            asked.Add(password);
            return new(false);
        }
    }
}
