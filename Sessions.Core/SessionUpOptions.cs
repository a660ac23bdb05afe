namespace Sessions;

/// <summary>
/// How the sessions of one name live. Named options: they bind from configuration and are checked when the host starts. What belongs to
/// HTTP is in <see cref="SessionHttpOptions"/>. Lifetimes hold for living sessions, too: one whose lifetime came from the options follows
/// those of today, with each check and in lists; one whose lifetime came from the call keeps it, within <see cref="MaxLifetime"/> and the
/// assurance level.
/// </summary>
public sealed class SessionUpOptions
{
    /// <summary>The lifetime of a session when <see cref="Lifetime"/> is not set: 24 hours.</summary>
    public static TimeSpan DefaultLifetime { get; } = TimeSpan.FromHours(24);

    /// <summary>
    /// How long a session lives from sign-in to its absolute end, from one second to 3650 days. When it is set, the browser keeps the
    /// cookie as long. Default: not set: the cookie ends with the browser session, the session after <see cref="DefaultLifetime"/>.
    /// </summary>
    public TimeSpan? Lifetime { get; set; }

    /// <summary>
    /// The longest lifetime that any session may have, whatever <see cref="SessionInit.Lifetime"/> or a ticket asks for, from one second to
    /// 3650 days, counted from the last proof of identity; what is longer is cut. Default: null, no limit.
    /// </summary>
    public TimeSpan? MaxLifetime { get; set; }

    /// <summary>
    /// How long a session may go unused, from one second to <see cref="Lifetime"/>. Use moves its expiry on, never past its absolute end.
    /// Default: not limited.
    /// </summary>
    public TimeSpan? IdleTimeout { get; set; }

    /// <summary>How long a visitor's session lives, from one second to 3650 days. Default: 1 hour.</summary>
    public TimeSpan VisitorLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How often the last use of a session is written down at the most, from one second; a tenth of <see cref="IdleTimeout"/> where that is
    /// shorter. Default: 1 minute.
    /// </summary>
    public TimeSpan TouchInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// After what time the token in the cookie is replaced, counted from when it was certain that the browser has it; more than 2 minutes,
    /// and more than twice <see cref="RotationGrace"/> and 10 seconds; null: never by itself. Default: 1 hour.
    /// </summary>
    public TimeSpan? RotateAfter { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How long the token before stays good once it is certain that the client has the new one, for requests that were on their way; from
    /// 10 seconds to one hour. Default: 10 minutes: an upload takes minutes.
    /// </summary>
    public TimeSpan RotationGrace { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long a request of an honest client takes at the most, from being sent to being evaluated: a token that was replaced longer ago
    /// is an old copy, and ends its session; more than <see cref="RotationGrace"/>, up to 7 days. Where <see cref="RotateAfter"/> is
    /// shorter, that counts. Default: 1 hour.
    /// </summary>
    public TimeSpan ReuseWindow { get; set; } = TimeSpan.FromHours(1);

    /// <summary>What of the client must stay as it was. Default: nothing.</summary>
    public ClientBindingOptions Binding { get; set; } = new();

    /// <summary>The application's handlers of events.</summary>
    public SessionEvents Events { get; set; } = new();

    /// <summary>
    /// How long an operation, and so a response, waits for the handlers of the events that it raises, from 100 milliseconds to 10 minutes.
    /// Handlers that take longer run on by themselves. Default: 10 seconds.
    /// </summary>
    public TimeSpan EventTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Makes the random part of ids and secrets instead of the system's generator. Tried when the host starts: it must fill its buffer and
    /// not repeat itself.
    /// </summary>
    public RandomFill? RandomFill { get; set; }

    /// <summary>
    /// How many live sessions one user may have, at least 1; null: any number. The sessions of browsers and bearer sessions are counted
    /// apart, each up to this number. Default: 1000.
    /// </summary>
    public int? MaxSessionsPerUser { get; set; } = 1000;

    /// <summary>What happens with one session too many. Default: the least recently used ones are ended.</summary>
    public SessionLimitPolicy LimitPolicy { get; set; }

    /// <summary>
    /// The limit for a new session of a user, by user, role or plan; it returns null for none. Called with each sign-in, from many threads
    /// at once; an exception fails the sign-in, and nothing is changed. Default (null): as <see cref="MaxSessionsPerUser"/> and
    /// <see cref="LimitPolicy"/> say.
    /// </summary>
    public Func<SessionLimitContext, SessionLimit?>? LimitFor { get; set; }

    /// <summary>Whether a session records the address of its client. Default: true.</summary>
    public bool RecordIPAddress { get; set; } = true;

    /// <summary>
    /// Whether a session records operating system, browser and device of its client, and a hash of its User-Agent. Default: true.
    /// </summary>
    public bool RecordUserAgent { get; set; } = true;

    /// <summary>Bytes of UTF-8 that the keys and values of one session may have together, from 0 to 1 MiB. Default: 64 KiB.</summary>
    public int MaxValuesBytes { get; set; } = 64 * 1024;

    /// <summary>
    /// The same for a visitor's session, from 0 to 1 MiB; <see cref="MaxValuesBytes"/> where that is less. Any client can begin such
    /// sessions. Values that a user leaves to a visitor at sign-out stay even if they are more. Default: 4 KiB.
    /// </summary>
    public int MaxVisitorValuesBytes { get; set; } = 4 * 1024;

    /// <summary>The keys of values that may be listed to the user with their sessions. Default: none.</summary>
    public ISet<string> ListedValues { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>
    /// A secret of at least 16 bytes that hides which session ids belong to one user from a reader who can guess user keys. Changing it
    /// loses the way to the sessions that are there, on backends that go by the shard (Redis). Default: none.
    /// </summary>
    public byte[]? ShardKey { get; set; }

    /// <summary>
    /// How often what has expired is deleted, where the backend does not do it; from one second to one day, jittered by a tenth. Default: 5
    /// minutes.
    /// </summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How many records a sweep deletes in one step, from 1 to 100,000. Default: 1000.</summary>
    public int SweepBatchSize { get; set; } = 1000;

    /// <summary>
    /// Whether, and how many, sessions are remembered in process, so that not every request reads the store; null: none are. Default: null;
    /// <c>UseCache</c> sets it.
    /// </summary>
    public SessionCacheOptions? Cache { get; set; }

    /// <summary>The assurance level that the options are held to; null: none.</summary>
    internal AssuranceProfile? Assurance { get; private set; }

    /// <summary>
    /// Sets <see cref="Lifetime"/> and <see cref="IdleTimeout"/> to the limits of an assurance level of NIST SP 800-63B-4: 30 days; 24
    /// hours and 1 hour; 12 hours and 15 minutes. What is set afterwards and breaks a SHALL of it stops the host; what breaks a SHOULD is
    /// logged as a warning. A lifetime that a call sets (<see cref="SessionInit.Lifetime"/>, a ticket's) is cut to what a SHALL allows.
    /// </summary>
    public SessionUpOptions UseAssurance(NistAal level)
    {
        Assurance = AssuranceProfile.Create(level);
        (Lifetime, IdleTimeout) = (Assurance.Overall, Assurance.Inactivity);
        return this;
    }
}
