using Microsoft.Extensions.Options;
using Sessions;
using Sessions.Demo;
using Sessions.Demo.Pages;

try
{
    var builder = WebApplication.CreateBuilder(DemoOptions.CheckArguments(args));
    var options = DemoOptions.Parse(builder.Configuration);

    builder.Services.AddProblemDetails();
    var sessionUp = builder
        .Services.AddSessionUp(sessions =>
        {
            sessions.Lifetime = options.Lifetime;
            sessions.IdleTimeout = options.Idle;
            sessions.RotateAfter = options.RotateAfter ?? sessions.RotateAfter;
            sessions.RotationGrace = options.RotationGrace ?? sessions.RotationGrace;
            sessions.ReuseWindow = options.ReuseWindow ?? sessions.ReuseWindow;
        })
        .ConfigureHttp(http => http.LoginPath = LoginPage.Path);
    options.Store.Use(sessionUp, options.Connection);
    if (options.Cache)
    {
        sessionUp.UseCache(cache => cache.MaxStaleness = options.Staleness ?? cache.MaxStaleness);
    }

    builder.Services.AddPasswordChecks(passwords => passwords.Words.Add("Sessions"));

    builder.Services.AddCookieSessions(
        "cart",
        CartJson.Default.Cart,
        cart =>
        {
            // Without a phrase the framework keeps the keys, on this machine.
            if (options.Phrase is { } phrase)
            {
                cart.Encrypt(CookieKey.FromPhrase(phrase));
            }
        }
    );

    var app = builder.Build();
    app.UseExceptionHandler();
    app.UseStatusCodePages();
    app.Use(SecurityHeaders.AddAsync);

    HomePage.Map(app);
    LoginPage.Map(app);
    DevicesPage.Map(app);
    PasswordPage.Map(app);
    TokensPage.Map(app);
    CartPage.Map(app);
    DemoApi.Map(app);

    await app.RunAsync();
    return 0;
}
catch (Exception e) when (e is DemoOptionsException or SessionConfigurationException or OptionsValidationException)
{
    await Console.Error.WriteLineAsync(e.Message.ReplaceLineEndings(" "));
    return 2;
}
catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
{
    await Console.Error.WriteLineAsync($"{e.Message} Choose another address with --urls.");
    return 1;
}
