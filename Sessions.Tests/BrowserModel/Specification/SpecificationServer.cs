using System.Collections.Immutable;
using System.Globalization;
using Sessions.Testing;
using static Sessions.Tests.BrowserModel.Specification.RotationFaults;

namespace Sessions.Tests.BrowserModel.Specification;

/// <summary>
/// The application of the model on the specification of rotation: what a server does that keeps it. An oracle, and the place where mistakes
/// are put back by hand.
/// </summary>
internal sealed partial class SpecificationServer(
    EventQueue queue,
    ModelSettings settings,
    RotationSpecification rules,
    IModelObserver observer
) : IModelServer
{
    private readonly SpecificationStore _store = new(queue);
    private readonly SeededRandom _random = new(1);

    public bool IsStoreFailing => _store.IsFailing;

    public void FailStore(ModelStep.FailStore failure) => _store.Fail(failure);

    public IReadOnlyCollection<string> RollBack(TimeSpan time) => _store.RollBack(time);

    public async Task HandleAsync(ModelExchange exchange)
    {
        var request = new SpecificationRequest(exchange);
        try
        {
            await AuthenticateAsync(request);
            if (request.Session is null && IsRequired(exchange.Act))
            {
                await StartAsync(request, 401);
                return;
            }

            await RunAsync(request);
        }
        catch (SpecificationStoreException) when (!exchange.IsStarted)
        {
            // Whatever was to be set is not: what a failed write has done is unknown.
            exchange.Start(503, []);
        }
    }

    private static bool IsRequired(ModelAct act) => act is not (ModelAct.Page or ModelAct.SignIn or ModelAct.SignOut or ModelAct.Visitor);

    private DateTimeOffset Now(SpecificationRequest request) => queue.Now + settings.Nodes[request.Exchange.Node % settings.Nodes.Count];

    private async Task AuthenticateAsync(SpecificationRequest request)
    {
        var token = rules.Has(WrongIsCopied)
            ? SpecificationToken.ParseUnchecked(request.Exchange.Token)
            : SpecificationToken.Parse(request.Exchange.Token);
        if (token is null)
        {
            return;
        }

        request.Token = token;
        try
        {
            request.Shown = _store.Read(token.Session, Now(request));
        }
        catch (SpecificationStoreException) when (request.Exchange.Act is ModelAct.Page)
        {
            // A public endpoint goes on without a session and can see why.
            return;
        }

        if (request.Shown is not { } session)
        {
            request.TakesCookieBack = rules.Has(TakesCookieBack);
            return;
        }

        request.Standing = rules.Evaluate(session.Rotation, token, Now(request));
        switch (request.Standing)
        {
            case TokenStanding.Copied:
                await EndCopiedAsync(session, request);
                break;
            case TokenStanding.Current:
                request.Session = session;
                request.WasDelivered = session.Rotation.DeliveredAt is not null;
                await ShowAsync(request);
                break;
            case TokenStanding.Previous:
                request.Session = session;
                break;
        }

        // A late save beside a sign-out or a copy finds nothing; what is accepted here is what the endpoint sees.
        request.Privileges = request.Session is { } accepted ? rules.GetPrivileges(accepted.Rotation, request.Standing) : null;
    }

    private async Task EndCopiedAsync(SpecificationSession session, SpecificationRequest request)
    {
        if (rules.Has(EndsAfterHandlers))
        {
            observer.OnCopyDetected(session.Id);
            await queue.DelayAsync(TimeSpan.FromSeconds(30));
            _store.Delete(session.Id);
            observer.OnEnded(session.Id, ModelEnd.Copy);
            return;
        }

        await request.Exchange.WriteAsync();
        try
        {
            if (_store.Delete(session.Id) is not null || rules.Has(TellsEveryCopy))
            {
                observer.OnEnded(session.Id, ModelEnd.Copy);
                observer.OnCopyDetected(session.Id);
            }
        }
        catch (SpecificationStoreException)
        {
            // Refused all the same; the next showing ends it.
        }
    }

    /// <summary>What a showing of the current token tells of its browser. A prefetch is no use of the session.</summary>
    private async Task ShowAsync(SpecificationRequest request)
    {
        var now = Now(request);
        var read = request.Session!.Rotation;
        if (request.IsPrefetch || rules.Show(read, now) == read)
        {
            return;
        }

        await request.Exchange.WriteAsync();
        try
        {
            var changed = _store.Update(
                request.Session.Id,
                stored =>
                    stored.Rotation.Current == read.Current
                    && (stored.Rotation.DeliveredAt == read.DeliveredAt || rules.Has(ConfirmsOnOldEvidence))
                    && stored.Rotation.ConfirmedAt is null
                        ? stored with
                        {
                            Rotation = rules.Show(stored.Rotation with { DeliveredAt = read.DeliveredAt }, now),
                        }
                        : null
            );
            request.Session = changed ?? request.Session;
        }
        catch (SpecificationStoreException)
        {
            // A failure here never refuses a request.
        }
    }

    /// <summary>The answer begins: the last moment at which a cookie can be set.</summary>
    private async Task StartAsync(SpecificationRequest request, int status)
    {
        var exchange = request.Exchange;
        if (request is { NewToken: null, DeletesCookie: false, Session: not null, IsPrefetch: false })
        {
            try
            {
                await (request.Standing == TokenStanding.Current ? RotateIfDueAsync(request) : ReissueIfDueAsync(request));
            }
            catch (SpecificationStoreException)
            {
                // A later request makes it good.
            }
        }

        exchange.Facts = new(
            request.Session?.Id,
            request.Privileges?.ToUnixTimeMilliseconds() ?? 0,
            request.IsStored,
            request.Session?.Values ?? ImmutableDictionary<string, string>.Empty
        );
        var takesBack = request.DeletesCookie || (request.TakesCookieBack && request.NewToken is null);
        exchange.Start(
            status,
            request.NewToken is { } token ? [SetCookie(token.Reveal(), settings.Lifetime)]
                : takesBack ? [SetCookie("", TimeSpan.Zero)]
                : []
        );
    }

    private static string SetCookie(string value, TimeSpan age) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{ModelExchange.CookieName}={value}; max-age={(long)age.TotalSeconds}; path=/; secure; samesite=lax; httponly"
        );
}
