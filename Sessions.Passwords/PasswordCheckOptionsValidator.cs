using Microsoft.Extensions.Options;

namespace Sessions.Passwords;

/// <summary>Checks the options when the host starts.</summary>
internal sealed class PasswordCheckOptionsValidator : IValidateOptions<PasswordCheckOptions>
{
    public ValidateOptionsResult Validate(string? name, PasswordCheckOptions options) =>
        options.GetFailures().ToList() is { Count: > 0 } failures ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
}
