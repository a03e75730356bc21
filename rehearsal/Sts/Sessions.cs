using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Sts;

/// <summary>Credentials of a session, as STS answers them.</summary>
public sealed record SessionCredentials(string AccessKeyId, string SecretAccessKey, string SessionToken, DateTimeOffset Expiration);

/// <summary>A session that was issued, stored under its access key.</summary>
public sealed record IssuedSession(Principal Principal, string SessionToken, DateTimeOffset Expiration);

/// <summary>The sessions of the world: who stands behind an access key.</summary>
public sealed class Sessions(RehearsalWorld world) : IAuthenticator
{
    private readonly Table<IssuedSession> _issued = world.Store.Table<IssuedSession>("sts/sessions");

    /// <summary>Issues credentials for a principal.</summary>
    public SessionCredentials Issue(Principal principal, TimeSpan duration)
    {
        var accessKey = "ASIA" + world.Random.UpperId(16);
        var token = "IQoJ" + world.Random.UpperId(120);
        var expiration = world.Now + duration;
        _issued.Put(accessKey, new IssuedSession(principal, token, expiration));
        return new SessionCredentials(accessKey, world.Random.UpperId(40), token, expiration);
    }

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
