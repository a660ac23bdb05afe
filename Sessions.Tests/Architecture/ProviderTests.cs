using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Sessions.Stores;
using Sessions.Tests.Building;

namespace Sessions.Tests.Architecture;

/// <summary>The five stores are alike: one role, one suffix; what a store has of its own is on a page with its reason.</summary>
public sealed partial class ProviderTests
{
    private static readonly string[] s_providers = ["Memory", "Redis", "Postgres", "Sqlite", "LiteDb"];

    private static readonly string[] s_commonRoles =
    [
        "SessionOptions",
        "SessionOptionsValidator",
        "SessionStore",
        "SessionUpBuilderExtensions",
    ];

    private static readonly string[] s_roles = [.. s_commonRoles, "Connection", "Statements", "SessionRecord", "ChangeFeed"];

    private static IEnumerable<TestCaseData<string, string>> Files =>
        from provider in s_providers
        from path in Directory.GetFiles(Repository.PathOf($"Sessions.{provider}"), "*.cs")
        select new TestCaseData<string, string>(provider, Path.GetFileName(path));

    [TestCaseSource(nameof(Files))]
    public void A_file_of_a_provider_has_a_role_or_a_reason(string provider, string file)
    {
        var type = RemoveParts(file);
        var isRole = type.StartsWith(provider, StringComparison.Ordinal) && s_roles.Contains(type[provider.Length..]);

        Assert.That(isRole || FilesOnPage().Contains(type), $"Give {file} a role, or its reason in docs/architecture.md.");
    }

    [Test]
    public void The_page_names_no_file_that_is_gone() =>
        Assert.That(FilesOnPage(), Is.SubsetOf(Files.Select(file => RemoveParts((string)file.Arguments[1]!))).And.Not.Empty);

    [TestCaseSource(nameof(s_providers))]
    public void A_provider_has_the_roles_that_every_store_has(string provider)
    {
        var types = Assembly.Load($"Sessions.{provider}").GetTypes().Select(type => type.Name);

        Assert.That(types, Is.SupersetOf(s_commonRoles.Select(role => provider + role)));
    }

    [TestCaseSource(nameof(s_providers))]
    public void A_store_is_made_of_options_clock_reporter_and_log_in_this_order(string provider)
    {
        var assembly = Assembly.Load($"Sessions.{provider}");
        var store = assembly.GetTypes().Single(type => type.Name == $"{provider}SessionStore");
        var options = assembly.GetTypes().Single(type => type.Name == $"{provider}SessionOptions");
        Type[] shape = [options, typeof(TimeProvider), typeof(CorruptRecordReporter), typeof(ILogger<>).MakeGenericType(store)];

        var parameters = store.GetConstructors().Single().GetParameters();

        // A store without a use for the last ones does without.
        Assert.That(parameters.Select(parameter => parameter.ParameterType), Is.EqualTo(shape[..parameters.Length]));
        Assert.That(parameters[1..].Select(parameter => parameter.HasDefaultValue), Is.All.True);
    }

    // A part of a type says which after a dot: RedisSessionStore.Create.cs.
    private static string RemoveParts(string file) => file.Split('.')[0];

    private static HashSet<string> FilesOnPage()
    {
        var page = File.ReadAllText(Repository.PathOf("docs/architecture.md"));
        var table = page[
            page.IndexOf("## Five stores alike", StringComparison.Ordinal)..page.IndexOf("## What is stored", StringComparison.Ordinal)
        ];
        var cells = table.Split('\n').Where(line => line.StartsWith('|')).Select(row => row.Split('|')[1]);
        return [.. cells.SelectMany(cell => Name().Matches(cell)).Select(name => name.Groups[1].Value)];
    }

    [GeneratedRegex("`(\\w+)`")]
    private static partial Regex Name();
}
