using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Sessions.Cookies;

namespace Sessions;

/// <summary>The cookie sessions of a request. There is no filter and no middleware: the cookie is read when it is asked for.</summary>
public static class HttpContextCookieSessionExtensions
{
    /// <summary>The cookie session of this request. Always there; <see cref="CookieSession{TData}.Get"/> returns what is in it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">Which, where several keep the same <typeparamref name="TData"/>; null: the only one that does.</param>
    /// <exception cref="SessionConfigurationException">None was added for <typeparamref name="TData"/>, or several and no name is
    /// given.</exception>
    public static CookieSession<TData> GetCookieSession<TData>(this HttpContext context, string? name = null)
        where TData : class
    {
        ArgumentNullException.ThrowIfNull(context);
        return Resolve<TData>(context.RequestServices, name).GetOrAdd(context);
    }

    /// <summary>The cookie session of this request that keeps values by key.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">Which, where there are several; null: the only one.</param>
    /// <exception cref="SessionConfigurationException">None was added, or several and no name is given.</exception>
    public static CookieSessionValues GetCookieSession(this HttpContext context, string? name = null) =>
        new(context.GetCookieSession<CookieValueMap>(name));

    private static CookieSessionManager<TData> Resolve<TData>(IServiceProvider services, string? name)
        where TData : class
    {
        CookieSessionManager<TData>? found = null;
        foreach (var sessions in services.GetServices<CookieSessionManager<TData>>())
        {
            if (name is not null && !string.Equals(sessions.Name, name, StringComparison.Ordinal))
            {
                continue;
            }

            found = found is null
                ? sessions
                : throw new SessionConfigurationException(
                    $"Several cookie sessions keep {DescribeData<TData>()}; say the name of the one that is meant."
                );
        }

        return found
            ?? throw new SessionConfigurationException(
                $"No cookie sessions{(name is null ? "" : $" named \"{name}\"")} keep {DescribeData<TData>()}. Call AddCookieSessions on the services, or correct type and name."
            );
    }

    private static string DescribeData<TData>() => typeof(TData) == typeof(CookieValueMap) ? "values by key" : typeof(TData).Name;
}
