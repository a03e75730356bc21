using Deployer.Rehearsal.Iam.Actions;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Iam;

/// <summary>Judges the requests of a world by the policies of its roles and resources.</summary>
public sealed class Authorizer(RehearsalWorld world) : IAuthorizer
{
    /// <summary>All accounts of a world belong to this organisation (<c>aws:PrincipalOrgID</c>).</summary>
    public const string OrganizationId = "o-rehearsal0";

    private readonly Roles _roles = new(world);
    private readonly PassRole _passRole = new(world);
    private readonly Dictionary<(string Text, PolicyKind Kind), PolicyDocument> _parsed = [];
    private readonly Dictionary<(string Action, string Resource), string> _judgedOn = [];

    /// <inheritdoc/>
    public Decision Decide(
        Principal principal,
        string action,
        string resource,
        string resourceAccount,
        string? resourcePolicy,
        IReadOnlyDictionary<string, string> conditionKeys
    )
    {
        var role = principal.Kind == PrincipalKind.AssumedRole ? _roles.Find(principal.Account, principal.Role!) : null;
        var keys = GlobalKeys(principal, role, resourceAccount);
        foreach (var (key, value) in conditionKeys)
        {
            keys.With(key, value);
        }

        var isTrust = action.StartsWith("sts:", StringComparison.Ordinal) && resource.Contains(":role/", StringComparison.Ordinal);
        return PolicyEngine.Decide(
            new(Caller(principal, role), action, JudgedOn(action, resource), resourceAccount, keys)
            {
                ResourcePolicy = resourcePolicy is null ? null : Parsed(resourcePolicy, isTrust ? PolicyKind.Trust : PolicyKind.Resource),
                IsTrust = isTrust,
            }
        );
    }

    /// <summary>
    /// Judges what a role may do as IAM's simulator does: by its own policies and its boundary, without the policy of the resource, and
    /// with no condition key that is not given.
    /// </summary>
    /// <param name="role">The role.</param>
    /// <param name="action">The action.</param>
    /// <param name="resource">The resource's ARN, or <c>*</c>.</param>
    /// <param name="keys">The keys of the request.</param>
    internal Decision Simulate(Role role, string action, string resource, ConditionKeys keys) =>
        PolicyEngine.Decide(
            new(
                Caller(Principal.AssumedRole(role.Account, role.Name, "simulation"), role),
                action,
                JudgedOn(action, resource),
                role.Account,
                keys
            )
        );

    /// <inheritdoc/>
    public string ArnOf(string action, MadeResource resource) => IamActions.Find(action)?.ArnOf(resource) ?? "*";

    /// <inheritdoc/>
    public void CheckPassRole(Principal principal, string roleArn, string service, ApiException? untrusted, string? sourceArn) =>
        _passRole.Check(principal, roleArn, service, untrusted, sourceArn);

    private AccessCaller Caller(Principal principal, Role? role) =>
        principal.Kind switch
        {
            PrincipalKind.Root => new(principal.Account, principal.Arn) { Administrator = true },
            PrincipalKind.Service => new("", principal.Arn) { Service = principal.Arn },
            PrincipalKind.Anonymous => new("", principal.Arn),
            _ => new(principal.Account, principal.Arn)
            {
                // A session outlives its role, but has no rights any more.
                RoleArn = role?.Arn,
                Policies = role is null
                    ? []
                    :
                    [
                        .. role
                            .InlinePolicies.Values.Concat(role.ManagedPolicies.Select(_roles.PolicyText))
                            .Select(text => Parsed(text, PolicyKind.Identity)),
                    ],
                Boundary = role?.PermissionsBoundary is { } boundary ? Parsed(_roles.PolicyText(boundary), PolicyKind.Identity) : null,
                SessionPolicy = principal.SessionPolicy is { } session ? Parsed(session, PolicyKind.Identity) : null,
            },
        };

    private ConditionKeys GlobalKeys(Principal principal, Role? role, string resourceAccount)
    {
        var keys = new ConditionKeys()
            .With("aws:CurrentTime", world.Now.ToString("yyyy-MM-ddTHH:mm:ssZ"))
            .With("aws:EpochTime", world.Now.ToUnixTimeSeconds().ToString())
            .With("aws:SecureTransport", "true")
            .With("aws:ResourceAccount", resourceAccount)
            .With("aws:ResourceOrgID", OrganizationId)
            .With("aws:PrincipalIsAWSService", principal.Kind == PrincipalKind.Service ? "true" : "false");
        switch (principal.Kind)
        {
            case PrincipalKind.Service:
                return keys.With("aws:PrincipalServiceName", principal.Arn)
                    .With("aws:SourceAccount", principal.Account)
                    .With("aws:SourceArn", principal.SourceArn)
                    .With("aws:SourceOrgID", OrganizationId);
            case PrincipalKind.Anonymous:
                return keys.With("aws:PrincipalType", "Anonymous");
        }

        keys.With("aws:PrincipalAccount", principal.Account)
            .With("aws:PrincipalOrgID", OrganizationId)
            .With("aws:PrincipalType", principal.Kind == PrincipalKind.Root ? "Account" : "AssumedRole")
            .With("aws:PrincipalArn", role?.Arn ?? principal.Arn)
            .With("aws:userid", role is null ? principal.Account : $"{role.Id}:{principal.Session}");
        foreach (var (name, value) in role?.Tags ?? [])
        {
            keys.With($"aws:PrincipalTag/{name}", value);
        }

        return keys;
    }

    private string JudgedOn(string action, string resource)
    {
        if (!_judgedOn.TryGetValue((action, resource), out var judged))
        {
            _judgedOn[(action, resource)] = judged = IamActions.Find(action)?.JudgedOn(resource) ?? resource;
        }

        return judged;
    }

    private PolicyDocument Parsed(string text, PolicyKind kind)
    {
        if (!_parsed.TryGetValue((text, kind), out var document))
        {
            _parsed[(text, kind)] = document = PolicyDocument.Parse(text, kind);
        }

        return document;
    }
}
