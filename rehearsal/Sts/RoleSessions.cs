using System.Text.RegularExpressions;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Sts;

/// <summary>Assumes roles: for the callers of STS and for services that run something under a role.</summary>
public sealed partial class RoleSessions(RehearsalWorld world)
{
    private static readonly TimeSpan ChainedLimit = TimeSpan.FromHours(1);
    private readonly Roles _roles = new(world);
    private readonly Sessions _sessions = new(world);

    /// <summary>Begins a session of a role, when the role's trust policy and the caller's own policies allow it.</summary>
    /// <param name="principal">Who assumes the role; <see cref="Principal.Service"/> for a service such as
    /// <c>lambda.amazonaws.com</c>.</param>
    /// <param name="roleArn">The role, of any account.</param>
    /// <param name="sessionName">2 to 64 characters.</param>
    /// <param name="duration">15 minutes to 12 hours, and at most the role's limit; one hour when not given.</param>
    /// <param name="externalId">What the trust policy may ask for as <c>sts:ExternalId</c>.</param>
    /// <param name="sessionPolicy">A policy that narrows the session, as JSON.</param>
    /// <param name="actorKey">The access key by which the actor that assumes it is known: the session's requests are that actor's.</param>
    /// <exception cref="ApiException">AccessDenied, MalformedPolicyDocument, ValidationError.</exception>
    public SessionCredentials Assume(
        Principal principal,
        string roleArn,
        string sessionName,
        TimeSpan? duration = null,
        string? externalId = null,
        string? sessionPolicy = null,
        string? actorKey = null
    )
    {
        var length = duration ?? TimeSpan.FromHours(1);
        if (sessionPolicy is not null)
        {
            Roles.EnsureWellFormed(sessionPolicy, PolicyKind.Identity);
        }

        var session = Begin(principal, roleArn, sessionName, length, externalId) with { SessionPolicy = sessionPolicy };
        return _sessions.Issue(session, length, actorKey);
    }

    /// <summary>
    /// Begins a session of a role for what a service runs. A role's own limit does not count for services:
    /// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-settings.html#id_roles_update-session-duration.
    /// </summary>
    /// <param name="service">The service.</param>
    /// <param name="roleArn">The role.</param>
    /// <param name="sessionName">2 to 64 characters.</param>
    /// <param name="duration">How long it lasts.</param>
    /// <exception cref="ApiException">AccessDenied, ValidationError.</exception>
    public SessionCredentials AssumeForService(Principal service, string roleArn, string sessionName, TimeSpan duration) =>
        _sessions.Issue(Act(service, roleArn, sessionName), duration);

    /// <summary>The session in which a service acts itself under a role that trusts it; nobody is given credentials.</summary>
    /// <param name="service">The service.</param>
    /// <param name="roleArn">The role.</param>
    /// <param name="sessionName">2 to 64 characters.</param>
    /// <exception cref="ApiException">AccessDenied, ValidationError.</exception>
    public Principal Act(Principal service, string roleArn, string sessionName) =>
        Begin(service, roleArn, sessionName, TimeSpan.FromHours(1), externalId: null);

    private Principal Begin(Principal principal, string roleArn, string sessionName, TimeSpan length, string? externalId)
    {
        Demand(RoleArn().IsMatch(roleArn), $"{roleArn} is invalid");
        Demand(
            SessionName().IsMatch(sessionName),
            Constraint($"Value '{sessionName}' at 'roleSessionName'", @"satisfy regular expression pattern: [\w+=,.@-]{2,64}")
        );
        Demand(
            externalId is null || ExternalId().IsMatch(externalId),
            Constraint("Value at 'externalId'", @"satisfy regular expression pattern: [\w+=,.@:\/-]{2,1224}")
        );
        Demand(
            length >= TimeSpan.FromMinutes(15),
            Constraint($"Value '{length.TotalSeconds}' at 'durationSeconds'", "have value greater than or equal to 900")
        );
        Demand(
            length <= TimeSpan.FromHours(12),
            Constraint($"Value '{length.TotalSeconds}' at 'durationSeconds'", "have value less than or equal to 43200")
        );

        var role = _roles.Find(roleArn);
        var keys = new Dictionary<string, string>(StringComparer.Ordinal) { ["sts:RoleSessionName"] = sessionName };
        if (externalId is not null)
        {
            keys["sts:ExternalId"] = externalId;
        }

        // STS does not reveal to a stranger whether a role exists.
        if (role is null)
        {
            throw new ApiException(
                "AccessDenied",
                $"User: {principal.Arn} is not authorized to perform: sts:AssumeRole on resource: {roleArn}",
                403
            );
        }

        world.Api.Check(principal, role.Account, [role.Arn], "sts:AssumeRole", role.TrustPolicy, keys);
        Demand(
            length <= TimeSpan.FromSeconds(role.MaxSessionDuration),
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        );
        Demand(
            principal.Kind != PrincipalKind.AssumedRole || length <= ChainedLimit,
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
        );
        return Principal.AssumedRole(role.Account, role.Name, sessionName);
    }

    private static string Constraint(string value, string demand) =>
        $"1 validation error detected: {value} failed to satisfy constraint: Member must {demand}";

    private static void Demand(bool holds, string message)
    {
        if (!holds)
        {
            throw new ApiException("ValidationError", message);
        }
    }

    [GeneratedRegex("^arn:aws:iam::[0-9]{12}:role/.+$", RegexOptions.None, 60_000)]
    private static partial Regex RoleArn();

    [GeneratedRegex(@"^[\w+=,.@-]{2,64}\z", RegexOptions.ECMAScript, 60_000)]
    private static partial Regex SessionName();

    [GeneratedRegex(@"^[\w+=,.@:\/-]{2,1224}\z", RegexOptions.ECMAScript, 60_000)]
    private static partial Regex ExternalId();
}
