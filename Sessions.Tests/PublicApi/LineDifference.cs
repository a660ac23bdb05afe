namespace Sessions.Tests.PublicApi;

internal static class LineDifference
{
    /// <summary>The lines that were taken away ("- ") and those that came ("+ "), each with its number.</summary>
    public static IEnumerable<string> Describe(string[] before, string[] after)
    {
        // Length of the longest common subsequence of what follows line i before and line j after.
        var common = new int[before.Length + 1, after.Length + 1];
        for (var i = before.Length - 1; i >= 0; i--)
        {
            for (var j = after.Length - 1; j >= 0; j--)
            {
                common[i, j] = before[i] == after[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        for (int i = 0, j = 0; i < before.Length || j < after.Length; )
        {
            if (i < before.Length && j < after.Length && before[i] == after[j])
            {
                (i, j) = (i + 1, j + 1);
            }
            else if (j == after.Length || (i < before.Length && common[i + 1, j] >= common[i, j + 1]))
            {
                yield return $"- {i + 1, 4}: {before[i++]}";
            }
            else
            {
                yield return $"+ {j + 1, 4}: {after[j++]}";
            }
        }
    }
}
