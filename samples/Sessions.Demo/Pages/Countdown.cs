namespace Sessions.Demo.Pages;

/// <summary>
/// How long the session has left. A small script counts on, and warns before the end; without it the page says what was so when it was
/// made.
/// </summary>
internal static class Countdown
{
    private const double LongestWarning = 60;

    public static Html Render(Session session, DateTimeOffset now)
    {
        // A session that may idle for seconds only, as one may try here, is not to be warned about all the time. Within its last quarter,
        // use is written down before the answer, so that the page which follows a warning shows it.
        var warning = Math.Min(LongestWarning, (session.IdleTimeout?.TotalSeconds ?? double.MaxValue) / 5);
        return $"""
            <section class="card countdown" data-warning="{(int)warning}">
              <p>This session ends in <b role="timer">{TimeText.Span(session.ExpiresAt - now)}</b>{DescribeLimits(session)}.</p>
              <p class="warning" role="alert" hidden>You are about to be signed out. <a class="button" href="">Stay signed in</a></p>
            </section>
            <script type="module" src="/countdown.js"></script>
            """;
    }

    private static Html DescribeLimits(Session session)
    {
        if (session.ExpiresAt == session.EndsAt)
        {
            return $""", on {TimeText.Absolute(session.EndsAt)}, however much you use it""";
        }

        return $""" unless you use it, and on {TimeText.Absolute(session.EndsAt)} at the latest""";
    }
}
