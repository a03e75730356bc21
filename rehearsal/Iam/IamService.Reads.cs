using Amazon.IdentityManagement;
using Amazon.IdentityManagement.Model;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Iam;

/// <summary>Roles and policies as they are read.</summary>
public sealed partial class IamService
{
    /// <summary>A managed policy of the simulation has one version, whatever its document was before.</summary>
    private const string OnlyVersion = "v1";

    private void OnReads()
    {
        On<GetRoleRequest, GetRoleResponse>("GetRole", GetRole, (call, request) => [RoleArn(call, request.RoleName)]);
        On<ListRolePoliciesRequest, ListRolePoliciesResponse>(
            "ListRolePolicies",
            ListRolePolicies,
            (call, request) => [RoleArn(call, request.RoleName)]
        );
        On<GetRolePolicyRequest, GetRolePolicyResponse>(
            "GetRolePolicy",
            GetRolePolicy,
            (call, request) => [RoleArn(call, request.RoleName)]
        );
        On<GetPolicyRequest, GetPolicyResponse>("GetPolicy", GetPolicy, (_, request) => [request.PolicyArn]);
        On<GetPolicyVersionRequest, GetPolicyVersionResponse>("GetPolicyVersion", GetPolicyVersion, (_, request) => [request.PolicyArn]);
    }

    private string RoleArn(Call call, string name) => _roles.Find(call.Account, name)?.Arn ?? $"arn:aws:iam::{call.Account}:role/{name}";

    private GetRoleResponse GetRole(Call call, GetRoleRequest request)
    {
        var role = _roles.Get(call.Account, request.RoleName);
        return new GetRoleResponse
        {
            Role = new Amazon.IdentityManagement.Model.Role
            {
                Arn = role.Arn,
                RoleName = role.Name,
                RoleId = role.Id,
                Path = role.Path,
                CreateDate = role.Created.UtcDateTime,
                AssumeRolePolicyDocument = Encoded(role.TrustPolicy),
                MaxSessionDuration = role.MaxSessionDuration,
                PermissionsBoundary = role.PermissionsBoundary is { } boundary
                    ? new AttachedPermissionsBoundary
                    {
                        PermissionsBoundaryArn = boundary,
                        PermissionsBoundaryType = PermissionsBoundaryAttachmentType.PermissionsBoundaryPolicy,
                    }
                    : null,
                Tags = role.Tags.Count == 0 ? null : [.. role.Tags.Select(tag => new Tag { Key = tag.Key, Value = tag.Value })],
            },
        };
    }

    private ListRolePoliciesResponse ListRolePolicies(Call call, ListRolePoliciesRequest request)
    {
        SimulatedMembers.Only(request, "RoleName");
        return new ListRolePoliciesResponse
        {
            PolicyNames = [.. _roles.Get(call.Account, request.RoleName).InlinePolicies.Keys],
            IsTruncated = false,
        };
    }

    private GetRolePolicyResponse GetRolePolicy(Call call, GetRolePolicyRequest request)
    {
        var role = _roles.Get(call.Account, request.RoleName);
        return new GetRolePolicyResponse
        {
            RoleName = role.Name,
            PolicyName = request.PolicyName,
            PolicyDocument = role.InlinePolicies.TryGetValue(request.PolicyName, out var document)
                ? Encoded(document)
                : throw new NoSuchEntityException($"The role policy with name {request.PolicyName} cannot be found."),
        };
    }

    private GetPolicyResponse GetPolicy(Call call, GetPolicyRequest request)
    {
        Document(call, request.PolicyArn);
        var path = request.PolicyArn[(request.PolicyArn.IndexOf(":policy/", StringComparison.Ordinal) + ":policy".Length)..];
        var name = path.LastIndexOf('/') + 1;
        return new GetPolicyResponse
        {
            Policy = new Policy
            {
                Arn = request.PolicyArn,
                PolicyName = path[name..],
                Path = path[..name],
                DefaultVersionId = OnlyVersion,
                AttachmentCount = _roles.Attached(call.Account, request.PolicyArn),
                IsAttachable = true,
            },
        };
    }

    private GetPolicyVersionResponse GetPolicyVersion(Call call, GetPolicyVersionRequest request)
    {
        var document = Document(call, request.PolicyArn);
        return request.VersionId == OnlyVersion
            ? new GetPolicyVersionResponse
            {
                PolicyVersion = new PolicyVersion
                {
                    Document = Encoded(document),
                    IsDefaultVersion = true,
                    VersionId = OnlyVersion,
                },
            }
            : throw new NoSuchEntityException(
                $"Policy {request.PolicyArn} version {request.VersionId} does not exist or is not attachable."
            );
    }

    /// <summary>The document of a policy of the caller's account, or of AWS.</summary>
    private string Document(Call call, string arn) =>
        Api.ArnAccount(arn) is null or "aws" || Api.ArnAccount(arn) == call.Account
            ? _roles.PolicyText(arn)
            : throw new NoSuchEntityException($"Policy {arn} does not exist or is not attachable.");

    /// <summary>
    /// "Policies returned by this operation are URL-encoded compliant with RFC 3986":
    /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html
    /// </summary>
    private static string Encoded(string document) => Uri.EscapeDataString(document);
}
