using System.Data;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using Sessions.Sqlite;

namespace Sessions.Tests.Sqlite;

public sealed class SqliteReaderTests
{
    private readonly List<SqliteConnection> _rented = [];
    private SqliteTestDatabase _database = null!;
    private SqliteConnectionFactory _file = null!;
    private SqliteReaderPool _readers = null!;

    private int Open => _rented.Distinct().Count(static connection => connection.State == ConnectionState.Open);

    [SetUp]
    public void SetUp()
    {
        _rented.Clear();
        _database = new SqliteTestDatabase();
        _file = new SqliteConnectionFactory(new SqliteSessionOptions { ConnectionString = _database.ConnectionString });
        _readers = new SqliteReaderPool(_file);
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
        RentReaders(1);
        RentReaders(1);

        Assert.That(_rented.Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public void Reads_at_the_same_time_have_a_connection_each_of_which_few_stay_open()
    {
        RentReaders(100);

        Assert.That(_rented.Distinct().Count(), Is.EqualTo(100));
        Assert.That(Open, Is.InRange(1, Math.Max(4, Environment.ProcessorCount)));
    }

    [Test]
    public void A_connection_on_which_a_read_failed_is_closed()
    {
        Assert.That(() => RentReaders(1, static () => throw new SqliteException("full", 13)), Throws.TypeOf<SqliteException>());

        Assert.That(Open, Is.Zero);
    }

    [Test]
    public void Connections_that_were_open_when_the_file_failed_are_closed_and_not_used_again()
    {
        RentReaders(3);
        // One is in use when it fails, and two rest.
        RentReaders(1, () => _file.RegisterFailure(new SqliteException("damaged", 11)));
        Assert.That(Open, Is.EqualTo(2));

        var before = _rented.ToList();
        RentReaders(1);

        Assert.That(before, Does.Not.Contain(_rented[^1]));
        Assert.That(Open, Is.EqualTo(1));
    }

    [Test]
    public void Connections_are_closed_with_the_store_and_those_in_use_when_they_are_done()
    {
        RentReaders(1);
        RentReaders(2, _readers.Dispose);

        Assert.That(Open, Is.Zero);
    }

    /// <summary>So many reads at the same time, and something that happens in the midst of them.</summary>
    private void RentReaders(int count, Action? meanwhile = null) =>
        _readers.Run(
            count,
            (reader, left) =>
            {
                _rented.Add(reader);
                if (left > 1)
                {
                    RentReaders(left - 1, meanwhile);
                }
                else
                {
                    meanwhile?.Invoke();
                }

                return left;
            }
        );
}
