namespace Deployer.Rehearsal.Wire;

/// <summary>Knows who stands behind the access keys of sessions.</summary>
public interface IAuthenticator
{
    /// <summary>The principal of a session.</summary>
    /// <param name="accessKey">The access key that the request was signed with.</param>
    /// <param name="token">The session token that came with it.</param>
    /// <exception cref="ApiException">The key is unknown, its token is another one, or the session has ended.</exception>
    Principal Identify(string accessKey, string? token);

    /// <summary>
    /// The access key by which the actor is known whose requests are made with this one: its own, or that of who assumed the role.
    /// </summary>
    string ActorKey(string accessKey);
}
