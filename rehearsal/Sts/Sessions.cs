using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Sts;

/// <summary>Credentials of a session, as STS answers them.</summary>
public sealed record SessionCredentials(string AccessKeyId, string SecretAccessKey, string SessionToken, DateTimeOffset Expiration);

/// <summary>A session that was issued, stored under its access key.</summary>
public sealed record IssuedSession(Principal Principal, string SessionToken, DateTimeOffset Expiration)
{
    /// <summary>The access key whose actor's requests are made with it, where that is another one: a role that an actor assumed.</summary>
    public string? ActorKey { get; init; }
}

/// <summary>The sessions of the world: who stands behind an access key.</summary>
public sealed class Sessions(RehearsalWorld world) : IAuthenticator
{
    private readonly Table<IssuedSession> _issued = world.Store.Table<IssuedSession>("sts/sessions");

    /// <summary>Issues credentials for a principal.</summary>
    /// <param name="principal">The principal.</param>
    /// <param name="duration">How long they hold.</param>
    /// <param name="actorKey">The access key by which the actor that asked for them is known.</param>
    public SessionCredentials Issue(Principal principal, TimeSpan duration, string? actorKey = null)
    {
        var accessKey = "ASIA" + world.Random.UpperId(16);
        var token = "IQoJ" + world.Random.UpperId(160);
        var expiration = world.Now + duration;
        _issued.Put(accessKey, new IssuedSession(principal, token, expiration) { ActorKey = actorKey });
        return new SessionCredentials(accessKey, world.Options.Secret.SecretKeyFor(accessKey), token, expiration);
    }

    /// <inheritdoc/>
    public string ActorKey(string accessKey) => _issued.Get(accessKey)?.ActorKey ?? accessKey;

    /// <inheritdoc/>
    public Principal Identify(string accessKey, string? token)
    {
        var session = _issued.Get(accessKey);
        if (session is null || session.SessionToken != token)
        {
            throw new ApiException("InvalidClientTokenId", "The security token included in the request is invalid.", 403);
        }

        if (session.Expiration <= world.Now)
        {
            throw new ApiException("ExpiredToken", "The security token included in the request is expired", 403);
        }

        return session.Principal;
    }
}
