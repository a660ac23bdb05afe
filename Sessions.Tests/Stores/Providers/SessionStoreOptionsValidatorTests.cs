using NUnit.Framework;
using Sessions.Stores;

namespace Sessions.Tests.Stores.Providers;

public sealed class SessionStoreOptionsValidatorTests
{
    [Test]
    public void Options_that_can_work_pass() => Assert.That(() => new Validator().ThrowIfInvalid([]), Throws.Nothing);

    [Test]
    public void Every_failure_is_in_the_message() =>
        Assert.That(
            () => new Validator().ThrowIfInvalid(["Set A.", "Leave B out."]),
            Throws.TypeOf<SessionConfigurationException>().With.Message.EqualTo("Set A. Leave B out.")
        );

    private sealed class Validator : SessionStoreOptionsValidator<string[]>
    {
        protected override IEnumerable<string> GetFailures(string[] options) => options;
    }
}
