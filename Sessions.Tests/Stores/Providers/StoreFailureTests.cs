using NUnit.Framework;
using Sessions.Stores;

namespace Sessions.Tests.Stores.Providers;

public sealed class StoreFailureTests
{
    [Test]
    public void A_failure_names_the_backend_and_the_cause_and_says_what_is_unknown()
    {
        var cause = new IOException("Write failed.", new TimeoutException("The disk did not answer."));

        var failure = StoreFailure.Create("Clay", cause);

        Assert.That(
            failure.Message,
            Is.EqualTo(
                "Clay failed: The disk did not answer. Whether something was written is unknown, unless the cause says that it was refused."
            )
        );
        Assert.That(failure.InnerException, Is.SameAs(cause));
    }

    [Test]
    public void A_backend_that_is_unfit_is_a_failure_with_the_sentence_that_says_what_to_do()
    {
        var unfit = new SessionConfigurationException("Fire the clay.");

        var failure = StoreFailure.Create("Clay", unfit);

        Assert.That((failure.Message, failure.InnerException), Is.EqualTo(("Clay cannot be used: Fire the clay.", unfit)));
    }

    [Test]
    public void A_copy_says_the_same_and_is_another_object()
    {
        var failure = StoreFailure.Create("Clay", new IOException("Broken."));

        var copy = StoreFailure.Copy(failure);

        Assert.That(copy, Is.Not.SameAs(failure));
        Assert.That((copy.Message, copy.InnerException), Is.EqualTo((failure.Message, failure.InnerException)));
    }

    [Test]
    public void Only_a_cancellation_by_the_caller_is_no_failure()
    {
        var cancelled = new CancellationToken(canceled: true);

        Assert.That(new OperationCanceledException().IsCancelledBy(cancelled), Is.True);
        Assert.That(new OperationCanceledException().IsCancelledBy(CancellationToken.None), Is.False, "That was the driver's timeout.");
        Assert.That(new IOException().IsCancelledBy(cancelled), Is.False);
    }
}
