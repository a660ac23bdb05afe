namespace Sessions.Tests.BrowserModel;

/// <content>The end of a run, by which everything has to have come right.</content>
internal sealed partial class ModelWorld
{
    /// <summary>What is under way arrives; then every browser has to have what it may expect.</summary>
    private void Finish()
    {
        // The longest time for which the store fails.
        queue.RunFor(TimeSpan.FromMinutes(5));
        queue.RunToEnd();
        if (_atServer > 0)
        {
            ledger.Report(ModelProperty.ServerAnswers, $"{_atServer} requests were never answered");
        }

        if (settings.HasThief)
        {
            Pursue();
            return;
        }

        for (var browser = 0; browser < Thief; browser++)
        {
            OwnerProperties.CheckHeld(ledger, browser, _browsers[browser].ExpectedSession, _browsers[browser].HeldSession);
            Send(new(browser, ModelAct.Page));
            queue.RunToEnd();
        }
    }

    /// <summary>Owner and thief go on, each with what they have.</summary>
    private void Pursue()
    {
        var interval = settings.Grace / 2 > settings.Window / 20 ? settings.Grace / 2 : settings.Window / 20;
        var longest = (settings.DetectionWindows * settings.Window) + settings.RotateAfter + settings.Grace + (3 * interval);
        var rotates = false;
        var (equalAt, end) = (queue.Now, queue.Now + longest + settings.Grace);
        while (_isCopied && queue.Now < end && ledger.Violation is null)
        {
            Send(new(0, ModelAct.Page));
            queue.RunFor(interval / 2);
            rotates = settings.RotatesOnDemand && !rotates;
            Send(new(Thief, rotates ? ModelAct.Rotate : ModelAct.Page));
            queue.RunFor(interval / 2);
            equalAt = _browsers[0].Token == _browsers[Thief].Token ? queue.Now : equalAt;
        }

        if (queue.Now - equalAt > longest)
        {
            CopyProperties.CheckPursuit(ledger, _browsers[0].Token, _browsers[Thief].Token);
        }
    }
}
