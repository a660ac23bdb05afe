using Sessions.Testing;

namespace Sessions.Tests.BrowserModel;

/// <summary>What a request asks of the application.</summary>
internal enum ModelAct
{
    Page,
    Poll,
    Events,
    Socket,
    Upload,
    SetValue,
    Rotate,
    Reauthenticate,
    SignIn,
    SignOut,
    Visitor,
    RevokeAll,
}

/// <summary>What the network loses.</summary>
internal enum ModelLoss
{
    Nothing,
    Request,
    Answer,
}

/// <summary>How long each part of a request takes; the world cuts them to what its settings allow.</summary>
/// <param name="Request">On the way to the server; a proxy that waits for the body of an upload is part of it.</param>
/// <param name="Handler">In the application, between the check of the session and the answer, or after the answer has begun.</param>
/// <param name="Write">Before each write to the store: between what a write rests on and the write.</param>
/// <param name="Answer">On the way back.</param>
internal readonly record struct ModelDelays(TimeSpan Request, TimeSpan Handler, TimeSpan Write, TimeSpan Answer)
{
    public override string ToString() => $"{Request:g}/{Handler:g}/{Write:g}/{Answer:g}";
}

/// <summary>One thing that happens; all its chance is inside, so that it stays the same when others are left out.</summary>
internal abstract record ModelStep
{
    public sealed record Send(
        int Browser,
        ModelAct Act,
        int Argument = 0,
        BrowserRequestKind Kind = BrowserRequestKind.Navigation,
        ModelDelays Delays = default,
        ModelLoss Loss = ModelLoss.Nothing,
        int Node = 0
    ) : ModelStep
    {
        public override string ToString() =>
            $"{Act}({Argument}) of browser {Browser} as {Kind} to node {Node}, {Delays}{(Loss == ModelLoss.Nothing ? "" : $", loses {Loss}")}";
    }

    public sealed record Wait(TimeSpan Time) : ModelStep
    {
        public override string ToString() => $"wait {Time:g}";
    }

    /// <summary>A browser is killed and started again, with cookies that were on disk <paramref name="Age"/> ago.</summary>
    public sealed record Crash(int Browser, TimeSpan Age) : ModelStep
    {
        public override string ToString() => $"browser {Browser} crashes, its jar is {Age:g} old";
    }

    /// <summary>A browser is killed soon after it is next given a token, before it has written it to disk, and started again.</summary>
    public sealed record CrashAfterCookie(int Browser, TimeSpan Delay) : ModelStep
    {
        public override string ToString() => $"browser {Browser} crashes {Delay:g} after its next cookie";
    }

    /// <summary>The thief copies the jar of the first browser.</summary>
    public sealed record CopyJar : ModelStep
    {
        public override string ToString() => "the thief copies the jar";
    }

    /// <summary>A request with the token of a browser, of which one character is another.</summary>
    public sealed record Damage(int Browser, int Position) : ModelStep
    {
        public override string ToString() => $"a token of browser {Browser} is shown with another character at {Position}";
    }

    public sealed record FailStore(TimeSpan Time, bool Reads, bool AfterTheWrite) : ModelStep
    {
        public override string ToString() =>
            $"the store fails for {Time:g}{(Reads ? ", reads too" : "")}{(AfterTheWrite ? ", after it has written" : "")}";
    }

    public sealed record RollBack(TimeSpan Time) : ModelStep
    {
        public override string ToString() => $"the store loses the last {Time:g}";
    }
}
