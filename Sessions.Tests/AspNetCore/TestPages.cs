using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Sessions.Tests.AspNetCore;

[RequireSession]
public sealed class DevicesModel : PageModel
{
    public string Greeting => $"hello {HttpContext.GetSession()!.UserKey}";
}

public sealed class DevicesPage : Page
{
    public DevicesModel Model => (DevicesModel)ViewContext.ViewData.Model!;

    public override Task ExecuteAsync()
    {
        WriteLiteral(Model.Greeting);
        return Task.CompletedTask;
    }
}

public sealed class OpenModel : PageModel
{
    public string Greeting => $"hello {HttpContext.GetSession()?.UserKey ?? "stranger"}";
}

public sealed class OpenPage : Page
{
    public OpenModel Model => (OpenModel)ViewContext.ViewData.Model!;

    public override Task ExecuteAsync()
    {
        WriteLiteral(Model.Greeting);
        return Task.CompletedTask;
    }
}

public sealed class HandlerModel : PageModel
{
    [RequireSession]
    public PageResult OnGet() => Page();
}

public sealed class HandlerPage : Page
{
    public HandlerModel Model => (HandlerModel)ViewContext.ViewData.Model!;

    public override Task ExecuteAsync() => Task.CompletedTask;
}
