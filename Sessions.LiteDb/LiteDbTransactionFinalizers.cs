using System.Collections;
using System.Reflection;
using LiteDB;

namespace Sessions.LiteDb;

/// <summary>
/// Transactions that LiteDB could neither commit nor roll back, as on a full disk. Their finalizer discards once more what could not be
/// discarded, throws, and with that ends the process (LiteDB 5.0.21, TransactionService). They hold nothing but memory, so nothing is lost
/// without it.
/// </summary>
internal static class LiteDbTransactionFinalizers
{
    /// <summary>Keeps the finalizers of a database's open transactions from running. Called when one of them has failed.</summary>
    public static void Suppress(ILiteDatabase database)
    {
        // These are private members of LiteDB 5.0. A later version without them is left as it is.
        if (GetFieldValue(GetFieldValue(GetFieldValue(database, "_engine"), "_monitor"), "_transactions") is not IDictionary transactions)
        {
            return;
        }

        // LiteDB's own lock on them.
        lock (transactions)
        {
            foreach (var transaction in transactions.Values)
            {
#pragma warning disable CA1816 // LiteDB failed to dispose the object; only its finalizer is prevented here.
                GC.SuppressFinalize(transaction!);
#pragma warning restore CA1816
            }
        }
    }

    private static object? GetFieldValue(object? instance, string field) =>
        instance?.GetType().GetField(field, BindingFlags.Instance | BindingFlags.NonPublic)?.GetValue(instance);
}
