using StackExchange.Redis;

namespace Sessions.Redis;

/// <summary>What the scripts are told of a session to be created.</summary>
/// <param name="Keys">Of the session and of its user's index; twice of the session where it has no user.</param>
/// <param name="Arguments">The record, how many milliseconds it is kept, the second when it expires, and the second before which others are past by every clock.</param>
internal sealed record RedisInsert(RedisKey[] Keys, RedisValue[] Arguments);
