using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Sessions.Passwords;

/// <summary>Asks the checker for ASP.NET Core Identity, which calls it whenever a user gets a password.</summary>
internal sealed partial class PasswordCheckValidator<TUser>(
    PasswordChecker checker,
    IOptions<PasswordCheckOptions> options,
    ILogger<PasswordCheckValidator<TUser>> log
) : IPasswordValidator<TUser>
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
            return verdict.Accepted ? IdentityResult.Success : IdentityResult.Failed([.. verdict.Problems.Select(Error)]);
        }
        catch (BreachedPasswordsException e)
        {
            NotChecked(log, e);
            return IdentityResult.Failed(
                new IdentityError
                {
                    Code = "PasswordNotChecked",
                    Description = "The password cannot be checked at the moment. Please try again later.",
                }
            );
        }
    }

    private IdentityError Error(PasswordProblem problem) =>
        new() { Code = $"Password{problem}", Description = PasswordProblemText.Of(problem, options.Value) };

    [LoggerMessage(LogLevel.Error, "A breach list failed; the password was refused.")]
    private static partial void NotChecked(ILogger logger, Exception exception);
}
