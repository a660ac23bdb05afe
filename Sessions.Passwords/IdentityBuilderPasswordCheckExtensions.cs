using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sessions;
using Sessions.Passwords;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds password checks to ASP.NET Core Identity.</summary>
public static class IdentityBuilderPasswordCheckExtensions
{
    /// <summary>
    /// Lets ASP.NET Core Identity check passwords so, in place of its own validator, whose rules of composition NIST forbids:
    /// <c>IdentityOptions.Password</c> no longer matters. Validators that the application has added itself stay. The user's name and mail
    /// address are considered.
    /// </summary>
    public static IdentityBuilder AddPasswordChecks(this IdentityBuilder builder, Action<PasswordCheckOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddPasswordChecks(configure);
        var service = typeof(IPasswordValidator<>).MakeGenericType(builder.UserType);
        var theirs = typeof(PasswordValidator<>).MakeGenericType(builder.UserType);
        var ours = typeof(PasswordCheckValidator<>).MakeGenericType(builder.UserType);
        foreach (var own in builder.Services.Where(added => added.ServiceType == service && added.ImplementationType == theirs).ToList())
        {
            builder.Services.Remove(own);
        }

        builder.Services.TryAddEnumerable(ServiceDescriptor.Scoped(service, ours));
        return builder;
    }
}
