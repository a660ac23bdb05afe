using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.Testing;

public sealed class TestEffortTests
{
    [TestCase(null, 1)]
    [TestCase("", 1)]
    [TestCase("20", 20)]
    public void The_effort_is_a_factor_and_1_by_default(string? text, int factor) =>
        Assert.That(TestEffort.Parse(text), Is.EqualTo(factor));

    [TestCase("0")]
    [TestCase("-3")]
    [TestCase("full")]
    public void An_effort_that_is_no_positive_number_is_refused(string text) =>
        Assert.That(() => TestEffort.Parse(text), Throws.InstanceOf<FormatException>().With.Message.Contains(TestEffort.Variable));
}
