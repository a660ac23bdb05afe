using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using NUnit.Framework;
using Sessions.Passwords;

namespace Sessions.Tests.Passwords;

/// <summary>ASP.NET Core Identity asks for each new password.</summary>
public sealed class IdentityTests
{
    private const string Good = "correct horse battery staple";

    [Test]
    public async Task A_password_without_digits_capitals_and_symbols_will_do_when_it_is_long_enough()
    {
        await using var services = Services();

        Assert.That((await CreateAsync(services, Good)).Succeeded, Is.True);
    }

    [TestCase("P@ssw0rd", "PasswordTooShort,PasswordCompromised")]
    [TestCase("Zwiebelfisch-2026", "PasswordName", Description = "the user's name")]
    [TestCase("blaubeerkuchen!1", "PasswordName", Description = "the head of his mail address")]
    public async Task A_weak_password_is_refused_with_a_code_and_a_sentence_for_each_reason(string password, string codes)
    {
        await using var services = Services();

        var result = await CreateAsync(services, password);

        Assert.That(result.Errors.Select(error => error.Code), Is.EqualTo(codes.Split(',')));
        Assert.That(result.Errors.Select(error => error.Description), Has.All.EndsWith(".").And.All.Not.Contains(password));
    }

    [Test]
    public async Task The_application_says_it_in_its_own_words()
    {
        await using var services = Services(o => o.Describe = problem => $"<{problem}>");

        Assert.That((await CreateAsync(services, "hflIhf.lKK$982")).Errors.Single().Description, Is.EqualTo("<TooShort>"));
    }

    [Test]
    public void Each_reason_has_a_sentence_of_its_own()
    {
        var sentences = Enum.GetValues<PasswordProblem>().Select(problem => PasswordProblemMessages.Get(problem, new())).ToList();

        Assert.That(sentences, Is.Unique);
        Assert.That(sentences, Has.Some.Contains("15").And.Some.Contains("256"));
    }

    [Test]
    public async Task While_a_breach_list_fails_no_password_is_accepted_and_the_error_says_to_try_again()
    {
        await using var services = Services(more: added =>
            added.AddSingleton<IBreachedPasswordList>(new BreachedPasswordLists.FailingList(new TimeoutException()))
        );

        Assert.That((await CreateAsync(services, Good)).Errors.Single().Code, Is.EqualTo("PasswordNotChecked"));
    }

    [Test]
    public async Task A_registered_breach_list_is_queried()
    {
        await using var services = Services(more: added => added.AddSingleton<IBreachedPasswordList>(new BreachedPasswordList([Good])));

        Assert.That((await CreateAsync(services, Good)).Errors.Single().Code, Is.EqualTo("PasswordCompromised"));
    }

    [Test]
    public void Validators_of_the_application_stay_and_adding_twice_adds_once()
    {
        using var services = Services(more: added =>
            added.AddIdentityCore<User>().AddPasswordValidator<CustomPasswordValidator>().AddPasswordChecks().AddPasswordChecks()
        );
        using var scope = services.CreateScope();

        Assert.That(
            scope.ServiceProvider.GetServices<IPasswordValidator<User>>().Select(validator => validator.GetType()),
            Is.EquivalentTo([typeof(PasswordCheckValidator<User>), typeof(CustomPasswordValidator)])
        );
    }

    [Test]
    public void Options_that_cannot_be_met_stop_the_host()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddPasswordChecks(o => o.MinLength = 6);
        using var host = builder.Build();

        Assert.That(
            async () => await host.StartAsync(),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("MinLength is 6")
        );
    }

    private static ServiceProvider Services(Action<PasswordCheckOptions>? configure = null, Action<IServiceCollection>? more = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IUserStore<User>, FakeUserStore>();
        services.AddIdentityCore<User>().AddPasswordChecks(configure);
        more?.Invoke(services);
        return services.BuildServiceProvider();
    }

    private static async Task<IdentityResult> CreateAsync(ServiceProvider services, string password)
    {
        await using var scope = services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        return await users.CreateAsync(new User("zwiebelfisch", "blaubeerkuchen@example.com"), password);
    }

    internal sealed class User(string name, string mail)
    {
        public string Name { get; set; } = name;

        public string Mail { get; set; } = mail;

        public string? Hash { get; set; }
    }

    private sealed class CustomPasswordValidator : IPasswordValidator<User>
    {
        public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password) =>
            Task.FromResult(IdentityResult.Success);
    }
}
