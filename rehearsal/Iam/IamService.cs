using Amazon.IdentityManagement;
using Amazon.IdentityManagement.Model;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Iam;

/// <summary>The part of IAM's API that says which roles and policies there are, and what a role may do.</summary>
public sealed partial class IamService : ModelService
{
    /// <summary>
    /// Keys of type ArrayOfString: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html.
    /// </summary>
    private static readonly HashSet<string> Lists = new(StringComparer.OrdinalIgnoreCase)
    {
        "dynamodb:LeadingKeys",
        "dynamodb:Attributes",
        "aws:TagKeys",
    };

    private readonly Roles _roles;
    private readonly Authorizer _authorizer;

    /// <summary>A service of this world.</summary>
    public IamService(RehearsalWorld world)
        : base(IdentityManagementServiceModel.Service)
    {
        _roles = new Roles(world);
        _authorizer = new Authorizer(world);
        On<ListAttachedRolePoliciesRequest, ListAttachedRolePoliciesResponse>(
            "ListAttachedRolePolicies",
            ListAttachedRolePolicies,
            (call, request) => [RoleArn(call, request.RoleName)]
        );
        OnReads();
        On<SimulatePrincipalPolicyRequest, SimulatePrincipalPolicyResponse>(
            "SimulatePrincipalPolicy",
            SimulatePrincipalPolicy,
            (_, request) => [request.PolicySourceArn]
        );
    }

    private ListAttachedRolePoliciesResponse ListAttachedRolePolicies(Call call, ListAttachedRolePoliciesRequest request)
    {
        SimulatedMembers.Only(request, "RoleName");
        return new ListAttachedRolePoliciesResponse
        {
            AttachedPolicies =
            [
                .. _roles
                    .Get(call.Account, request.RoleName)
                    .ManagedPolicies.Select(arn => new AttachedPolicy { PolicyArn = arn, PolicyName = arn[(arn.LastIndexOf('/') + 1)..] }),
            ],
            IsTruncated = false,
        };
    }

    /// <summary>
    /// Judges by the policies of the role, and by what is given of a request: nothing stands in a simulation that its caller does not name.
    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
    /// </summary>
    private SimulatePrincipalPolicyResponse SimulatePrincipalPolicy(Call call, SimulatePrincipalPolicyRequest request)
    {
        SimulatedMembers.Only(request, "PolicySourceArn", "ActionNames", "ResourceArns", "ContextEntries");
        if (_roles.Find(request.PolicySourceArn) is not { } role || role.Account != call.Account)
        {
            throw new NoSuchEntityException($"The role with ARN {request.PolicySourceArn} cannot be found.");
        }

        var keys = new ConditionKeys();
        foreach (var entry in request.ContextEntries ?? [])
        {
            if (Lists.Contains(entry.ContextKeyName) && entry.ContextKeyType != ContextKeyTypeEnum.StringList)
            {
                throw new ApiException(
                    "InvalidInput",
                    $"The rehearsal takes {entry.ContextKeyName} as stringList only, the type that AWS documents, not as "
                        + $"{entry.ContextKeyType}."
                );
            }

            keys.With(entry.ContextKeyName, entry.ContextKeyValues ?? []);
        }

        IReadOnlyList<string> resources = request.ResourceArns is { Count: > 0 } given ? given : ["*"];
        return new SimulatePrincipalPolicyResponse
        {
            EvaluationResults =
            [
                .. request.ActionNames.SelectMany(
                    action => resources,
                    (action, resource) =>
                        new EvaluationResult
                        {
                            EvalActionName = action,
                            EvalResourceName = resource,
                            EvalDecision = Decision(_authorizer.Simulate(role, action, resource, keys)),
                        }
                ),
            ],
            IsTruncated = false,
        };
    }

    private static PolicyEvaluationDecisionType Decision(Decision decision) =>
        decision.Allowed ? PolicyEvaluationDecisionType.Allowed
        : decision.Reason.StartsWith("with an explicit deny", StringComparison.Ordinal) ? PolicyEvaluationDecisionType.ExplicitDeny
        : PolicyEvaluationDecisionType.ImplicitDeny;
}
