using Sessions.Bench.Places;

namespace Sessions.Bench.Micro;

/// <summary>A store with sessions in it.</summary>
/// <param name="App">The node that asks it.</param>
/// <param name="Tokens">Of all ordinary users, in any order.</param>
/// <param name="OneOfTen">A session of an ordinary user.</param>
/// <param name="OneOfThousand">A session of the user with a thousand.</param>
internal sealed record MicroSubject(BenchApp App, SessionToken[] Tokens, Session OneOfTen, Session OneOfThousand);
