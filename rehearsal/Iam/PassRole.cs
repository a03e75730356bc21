using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Iam;

/// <summary>Handing a role to a service. See https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html.</summary>
public sealed class PassRole(RehearsalWorld world)
{
    private readonly Roles _roles = new(world);

    /// <summary>Judges whether the caller may hand a role of his own account to a service that may assume it.</summary>
    /// <param name="principal">Who hands it over.</param>
    /// <param name="roleArn">The role.</param>
    /// <param name="service">The service that will assume it, such as <c>lambda.amazonaws.com</c>.</param>
    /// <param name="untrusted">What the service answers when there is no such role or the role does not trust it.</param>
    /// <param name="sourceArn">What the service will assume it for, where the service says so (<c>aws:SourceArn</c>).</param>
    /// <exception cref="ApiException">AccessDenied for the caller or across accounts; <paramref name="untrusted"/>.</exception>
    public void Check(Principal principal, string roleArn, string service, ApiException? untrusted = null, string? sourceArn = null)
    {
        world.Api.Check(
            principal,
            principal.Account,
            [roleArn],
            "iam:PassRole",
            conditionKeys: new Dictionary<string, string> { ["iam:PassedToService"] = service }
        );
        if (Api.ArnAccount(roleArn) != principal.Account)
        {
            throw new ApiException("AccessDeniedException", "Cross-account pass role is not allowed.", 403);
        }

        var role =
            _roles.Find(roleArn)
            ?? throw untrusted ?? new ApiException("NoSuchEntity", $"The role with ARN {roleArn} cannot be found.", 404);
        var trusted = world.Api.Authorizer?.Decide(
            Principal.Service(service, role.Account, sourceArn),
            "sts:AssumeRole",
            role.Arn,
            role.Account,
            role.TrustPolicy,
            new Dictionary<string, string>()
        );
        if (trusted is not { Allowed: true })
        {
            throw untrusted ?? new ApiException("InvalidParameterValueException", $"The role {roleArn} cannot be assumed by {service}.");
        }
    }
}
