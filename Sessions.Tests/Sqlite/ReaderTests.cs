using System.Data;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using Sessions.Sqlite;

namespace Sessions.Tests.Sqlite;

public sealed class ReaderTests
{
    private readonly List<SqliteConnection> _used = [];
    private SqliteDatabase _database = null!;
    private SqliteFile _file = null!;
    private SqliteReaders _readers = null!;

    private int Open => _used.Distinct().Count(static connection => connection.State == ConnectionState.Open);

    [SetUp]
    public void SetUp()
    {
        _used.Clear();
        _database = new SqliteDatabase();
        _file = new SqliteFile(new SqliteSessionOptions { ConnectionString = _database.ConnectionString });
        _readers = new SqliteReaders(_file);
    }

    [TearDown]
    public void TearDown()
    {
        _readers.Dispose();
        _database.Remove();
    }

    [Test]
    public void One_read_after_the_other_uses_one_connection()
    {
        Use(1);
        Use(1);

        Assert.That(_used.Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public void Reads_at_the_same_time_have_a_connection_each_of_which_few_stay_open()
    {
        Use(100);

        Assert.That(_used.Distinct().Count(), Is.EqualTo(100));
        Assert.That(Open, Is.InRange(1, Math.Max(4, Environment.ProcessorCount)));
    }

    [Test]
    public void A_connection_on_which_a_read_failed_is_closed()
    {
        Assert.That(() => Use(1, static () => throw new SqliteException("full", 13)), Throws.TypeOf<SqliteException>());

        Assert.That(Open, Is.Zero);
    }

    [Test]
    public void Connections_that_were_open_when_the_file_failed_are_closed_and_not_used_again()
    {
        Use(3);
        // One is in use when it fails, and two rest.
        Use(1, () => _file.Failed(new SqliteException("damaged", 11)));
        Assert.That(Open, Is.EqualTo(2));

        var before = _used.ToList();
        Use(1);

        Assert.That(before, Does.Not.Contain(_used[^1]));
        Assert.That(Open, Is.EqualTo(1));
    }

    [Test]
    public void Connections_are_closed_with_the_store_and_those_in_use_when_they_are_done()
    {
        Use(1);
        Use(2, _readers.Dispose);

        Assert.That(Open, Is.Zero);
    }

    /// <summary>So many reads at the same time, and something that happens in the midst of them.</summary>
    private void Use(int count, Action? meanwhile = null) =>
        _readers.Run(
            count,
            (reader, left) =>
            {
                _used.Add(reader);
                if (left > 1)
                {
                    Use(left - 1, meanwhile);
                }
                else
                {
                    meanwhile?.Invoke();
                }

                return left;
            }
        );
}
