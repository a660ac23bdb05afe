using System.Diagnostics;
using System.Text.Json.Nodes;
using NUnit.Framework;

namespace Sessions.Tests.Passwords;

public sealed class NormalizationTests
{
    /// <summary>
    /// In a process of its own: this one was built without Unicode data, as all of the solution, and then nothing is normalized.
    /// </summary>
    [Test]
    public async Task However_a_password_is_spelt_it_is_the_same_one()
    {
        var folder = Directory.CreateTempSubdirectory("sessions-unicode-").FullName;
        var config = Path.Combine(folder, "unicode.runtimeconfig.json");
        try
        {
            await File.WriteAllTextAsync(config, WithUnicodeData());
            var (output, error) = await RunAsync(config);
            if (error.Contains("libicu", StringComparison.Ordinal))
            {
                Assert.Ignore("This machine has no Unicode data (ICU).");
            }

            Assert.That(
                output.Split('\n', StringSplitOptions.RemoveEmptyEntries),
                Has.Length.EqualTo(16).And.All.EqualTo("Compromised Name"),
                error
            );
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string BuildOutput(string extension) => Path.ChangeExtension(typeof(NormalizationTests).Assembly.Location, extension);

    private static string WithUnicodeData()
    {
        var config = JsonNode.Parse(File.ReadAllText(BuildOutput(".runtimeconfig.json")))!;
        config["runtimeOptions"]!["configProperties"]!["System.Globalization.Invariant"] = false;
        return config.ToJsonString();
    }

    private static async Task<(string Output, string Error)> RunAsync(string config)
    {
        string[] arguments =
        [
            "exec",
            "--runtimeconfig",
            config,
            "--depsfile",
            BuildOutput(".deps.json"),
            BuildOutput(".dll"),
            nameof(NormalizedPasswords),
        ];
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        return (output, await error);
    }
}
