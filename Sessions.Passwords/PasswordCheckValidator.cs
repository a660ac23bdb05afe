using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging;

namespace Sessions.Passwords;

/// <summary>Connects the checker to ASP.NET Core Identity, which calls it whenever a user gets a password.</summary>
internal sealed partial class PasswordCheckValidator<TUser>(PasswordChecker checker, ILogger<PasswordCheckValidator<TUser>> log)
    : IPasswordValidator<TUser>
    where TUser : class
{
    public async Task<IdentityResult> ValidateAsync(UserManager<TUser> manager, TUser user, string? password)
    {
        ArgumentNullException.ThrowIfNull(manager);
        var name = await manager.GetUserNameAsync(user).ConfigureAwait(false);
        var mail = manager.SupportsUserEmail ? await manager.GetEmailAsync(user).ConfigureAwait(false) : null;
        try
        {
            var verdict = await checker.CheckAsync(password ?? string.Empty, [name, mail]).ConfigureAwait(false);
            return verdict.IsAccepted
                ? IdentityResult.Success
                : IdentityResult.Failed([.. verdict.Problems.Zip(verdict.Messages, CreateError)]);
        }
        catch (BreachedPasswordListException e)
        {
            LogNotChecked(log, e);
            return IdentityResult.Failed(
                new IdentityError
                {
                    Code = "PasswordNotChecked",
                    Description = "The password cannot be checked at the moment. Please try again later.",
                }
            );
        }
    }

    private static IdentityError CreateError(PasswordProblem problem, string message) =>
        new() { Code = $"Password{problem}", Description = message };

    [LoggerMessage(LogLevel.Error, "A breach list failed; the password was refused.")]
    private static partial void LogNotChecked(ILogger logger, Exception exception);
}
