using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Stores.Providers;

/// <summary>Pages over rows that are a text and, where it can be read, a session.</summary>
public sealed class SessionPagingTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly SampleSessions _samples;
    private readonly List<(string After, int Count)> _queries = [];
    private readonly SortedDictionary<string, Session?> _rows = new(StringComparer.Ordinal);

    public SessionPagingTests()
    {
        _samples = new(_clock, SeededRandom.Create());
    }

    [SetUp]
    public void Clear()
    {
        _queries.Clear();
        _rows.Clear();
    }

    [Test]
    public async Task Pages_go_on_behind_the_last_row_until_one_is_not_full()
    {
        var sessions = Add(5);

        var first = await FetchAsync(null, 2);
        var second = await FetchAsync(first.Continuation, 2);
        var third = await FetchAsync(second.Continuation, 2);

        Assert.That((Session[])[.. first.Sessions, .. second.Sessions, .. third.Sessions], Is.EqualTo(sessions));
        Assert.That(third.Continuation, Is.Null);
        Assert.That(_queries, Is.EqualTo([("", 2), ($"{sessions[1].Id}", 2), ($"{sessions[3].Id}", 2)]));
    }

    [Test]
    public async Task What_has_expired_or_cannot_be_read_is_left_out_and_does_not_end_the_pages()
    {
        var sessions = Add(4);
        _rows[sessions[0].Id.ToString()] = sessions[0] with { ExpiresAt = _clock.UtcNow };
        _rows[sessions[1].Id.ToString()] = null;

        var first = await FetchAsync(null, 2);
        var second = await FetchAsync(first.Continuation, 3);

        Assert.That(first.Sessions, Is.Empty);
        Assert.That(first.Continuation, Is.EqualTo(sessions[1].Id.ToString()));
        Assert.That(second.Sessions, Is.EqualTo(sessions[2..]));
    }

    [Test]
    public async Task Behind_a_row_whose_id_is_none_the_page_goes_on()
    {
        var sessions = Add(2);
        _rows[" "] = null;

        var page = await FetchAsync(null, 1);

        Assert.That(page.Sessions, Is.EqualTo(sessions[..1]));
        Assert.That(_queries, Is.EqualTo([("", 1), (" ", 1)]));
    }

    [TestCase("", 1)]
    [TestCase("no id", 1)]
    public void A_continuation_that_is_no_id_is_refused_before_anything_is_fetched(string continuation, int pageSize)
    {
        Assert.That(async () => await FetchAsync(continuation, pageSize), Throws.InstanceOf<FormatException>());
        Assert.That(async () => await FetchAsync(null, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(_queries, Is.Empty);
    }

    private Session[] Add(int count)
    {
        var sessions = Enumerable.Range(0, count).Select(_ => _samples.Create()).OrderBy(static session => session.Id).ToArray();
        foreach (var session in sessions)
        {
            _rows.Add(session.Id.ToString(), session);
        }

        return sessions;
    }

    private async Task<SessionPage> FetchAsync(string? continuation, int pageSize) =>
        (
            await SessionPaging.FetchAsync(
                continuation,
                pageSize,
                _clock,
                (after, count, _) =>
                {
                    _queries.Add((after, count));
                    return new ValueTask<IReadOnlyList<KeyValuePair<string, Session?>>>([
                        .. _rows.Where(row => string.CompareOrdinal(row.Key, after) > 0).Take(count),
                    ]);
                },
                static row => row.Key,
                static row => row.Value,
                default
            )
        )!;
}
