namespace Sessions.Tests.Passwords;

/// <summary>What a process with Unicode data says of passwords in several spellings.</summary>
internal static class NormalizedPasswords
{
    // Composed; with a combining accent; with a ligature; in full width.
    private static readonly string[] Spellings =
    [
        "fiancée au château",
        "fiance\u0301e au cha\u0302teau",
        "\ufb01ancée au château",
        "ｆｉａｎｃéｅ au château",
    ];

    public static async Task PrintAsync(TextWriter output)
    {
        foreach (var known in Spellings)
        {
            foreach (var typed in Spellings)
            {
                var breached = await new PasswordChecker(breachedLists: [new BreachedPasswordList([known])]).CheckAsync(typed);
                var named = await new PasswordChecker().CheckAsync(typed, [known]);
                await output.WriteLineAsync($"{breached} {named}");
            }
        }
    }
}
