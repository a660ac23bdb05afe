using Microsoft.Extensions.Options;

namespace Sessions.Postgres;

/// <summary>Checks the options of every name when the host starts.</summary>
internal sealed class PostgresSessionOptionsValidator : IValidateOptions<PostgresSessionOptions>
{
    public ValidateOptionsResult Validate(string? name, PostgresSessionOptions options) =>
        options.FindFault() is { } fault ? ValidateOptionsResult.Fail(fault) : ValidateOptionsResult.Success;
}
