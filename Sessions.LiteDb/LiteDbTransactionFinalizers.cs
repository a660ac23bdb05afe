using System.Collections;
using System.Reflection;
using LiteDB;

namespace Sessions.LiteDb;

/// <summary>
/// Transactions that LiteDB could neither commit nor roll back, as on a full disk. Their finalizer discards once more what could not be discarded, throws, and with
/// that ends the process (LiteDB 5.0.21, TransactionService). They hold nothing but memory, so nothing is lost without it.
/// </summary>
internal static class LiteDbTransactionFinalizers
{
    /// <summary>Keeps the finalizers of a database's open transactions from running. Called when one of them has failed.</summary>
    public static void Suppress(ILiteDatabase database)
    {
        // Private parts of LiteDB 5.0: where a later version has other ones, there is nothing to do here.
        if (GetFieldValue(GetFieldValue(GetFieldValue(database, "_engine"), "_monitor"), "_transactions") is not IDictionary transactions)
        {
            return;
        }

        // LiteDB's own lock on them.
        lock (transactions)
        {
            foreach (var transaction in transactions.Values)
            {
#pragma warning disable CA1816 // The object is not ours to dispose; that it failed to be is the point.
                GC.SuppressFinalize(transaction!);
#pragma warning restore CA1816
            }
        }
    }

    private static object? GetFieldValue(object? instance, string field) =>
        instance?.GetType().GetField(field, BindingFlags.Instance | BindingFlags.NonPublic)?.GetValue(instance);
}
