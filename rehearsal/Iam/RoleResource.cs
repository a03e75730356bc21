using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.Iam;

/// <summary>AWS::IAM::Role.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html</remarks>
internal sealed class RoleResource(Roles roles) : IResourceType
{
    public string Name => "AWS::IAM::Role";

    public SimulatedDuration Duration(ResourceCall call) => call.Action == StepAction.Create ? Durations.RoleInStack : Durations.Resource;

    public ResourceIdentity Create(ResourceCall call)
    {
        var role = Wanted(call, call.NameFrom("RoleName"));
        call.Authorize(
            "iam",
            "CreateRole",
            role.Arn,
            role.PermissionsBoundary is { } boundary ? new Dictionary<string, string> { ["iam:PermissionsBoundary"] = boundary } : null
        );
        AuthorizePolicies(call, role, role.InlinePolicies.Keys, [], role.ManagedPolicies, []);
        return Identified(roles.Create(role));
    }

    public ResourceIdentity Update(ResourceCall call)
    {
        var old = roles.Get(call.Account, call.Current!.PhysicalId!);
        var wanted = Wanted(call, old.Name);
        var before = Wanted(call with { Properties = call.Current.Properties }, old.Name);
        if (old.TrustPolicy != wanted.TrustPolicy)
        {
            call.Authorize("iam", "UpdateAssumeRolePolicy", old.Arn);
        }

        // Policies that others attached stay.
        var inline = new SortedDictionary<string, string>(
            old.InlinePolicies.Where(p => !before.InlinePolicies.ContainsKey(p.Key)).ToDictionary(),
            StringComparer.Ordinal
        );
        foreach (var (name, document) in wanted.InlinePolicies)
        {
            inline[name] = document;
        }

        var managed = new SortedSet<string>(
            old.ManagedPolicies.Except(before.ManagedPolicies).Union(wanted.ManagedPolicies),
            StringComparer.Ordinal
        );
        AuthorizePolicies(
            call,
            old,
            inline.Where(p => old.InlinePolicies.GetValueOrDefault(p.Key) != p.Value).Select(p => p.Key),
            old.InlinePolicies.Keys.Except(inline.Keys),
            managed.Except(old.ManagedPolicies),
            old.ManagedPolicies.Except(managed)
        );
        return Identified(roles.Update(wanted with { InlinePolicies = inline, ManagedPolicies = managed }));
    }

    /// <remarks>
    /// Policies that other resources of the stack attach are theirs. The permissions that the read takes:
    /// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html.
    /// </remarks>
    public ResourceReading? Read(ResourceCall call)
    {
        var name = call.Current!.PhysicalId!;
        if (roles.Find(call.Account, name) is not { } role)
        {
            return ResourceReading.Gone;
        }

        foreach (var operation in new[] { "GetRole", "ListAttachedRolePolicies", "ListRolePolicies" })
        {
            call.Authorize("iam", operation, role.Arn);
        }

        var wanted = Wanted(call, name);
        var others = Others(call, "AWS::IAM::Policy").Select(policy => policy.Properties.Text("PolicyName")).OfType<string>();
        var attached = Others(call, "AWS::IAM::ManagedPolicy").Select(policy => policy.PhysicalId).OfType<string>();
        return new ResourceReading(
            new JsonObject
            {
                ["AssumeRolePolicyDocument"] = JsonNode.Parse(role.TrustPolicy),
                ["Path"] = role.Path,
                ["MaxSessionDuration"] = role.MaxSessionDuration,
                ["PermissionsBoundary"] = role.PermissionsBoundary,
                ["ManagedPolicyArns"] = new JsonArray([
                    .. call
                        .Properties.Texts("ManagedPolicyArns")
                        .Where(role.ManagedPolicies.Contains)
                        .Concat(role.ManagedPolicies.Except(wanted.ManagedPolicies).Except(attached))
                        .Select(policy => (JsonNode)policy),
                ]),
                ["Policies"] = new JsonArray([
                    .. (call.Properties["Policies"] as JsonArray ?? [])
                        .OfType<JsonObject>()
                        .Select(policy => policy.Required("PolicyName"))
                        .Where(role.InlinePolicies.ContainsKey)
                        .Concat(role.InlinePolicies.Keys.Except(wanted.InlinePolicies.Keys).Except(others))
                        .Select(policy => new JsonObject
                        {
                            ["PolicyName"] = policy,
                            ["PolicyDocument"] = JsonNode.Parse(role.InlinePolicies[policy]),
                        }),
                ]),
            }
        );
    }

    private static IEnumerable<ResourceRecord> Others(ResourceCall call, string type) =>
        call.Stack.Resources.Values.Where(other => other.Type == type);

    /// <remarks>
    /// What the resource itself gave the role is taken away first. What others have attached stays, and IAM refuses then:
    /// https://github.com/waterbear-cloud/paco/issues/27, https://github.com/convox/rack/issues/2672.
    /// </remarks>
    public void Delete(ResourceCall call)
    {
        if (roles.Find(call.Account, call.Current!.PhysicalId!) is not { } role)
        {
            return;
        }

        var own = Wanted(call, role.Name);
        var inline = role.InlinePolicies.Keys.Where(own.InlinePolicies.ContainsKey).ToList();
        var managed = role.ManagedPolicies.Where(own.ManagedPolicies.Contains).ToList();
        AuthorizePolicies(call, role, [], inline, [], managed);
        foreach (var policy in inline)
        {
            roles.DeleteInlinePolicy(call.Account, role.Name, policy);
        }

        foreach (var policy in managed)
        {
            roles.Detach(call.Account, role.Name, policy);
        }

        call.Authorize("iam", "DeleteRole", role.Arn);
        roles.Delete(call.Account, role.Name);
    }

    private static void AuthorizePolicies(
        ResourceCall call,
        Role role,
        IEnumerable<string> put,
        IEnumerable<string> removed,
        IEnumerable<string> attached,
        IEnumerable<string> detached
    )
    {
        foreach (var _ in put)
        {
            call.Authorize("iam", "PutRolePolicy", role.Arn);
        }

        foreach (var _ in removed)
        {
            call.Authorize("iam", "DeleteRolePolicy", role.Arn);
        }

        foreach (
            var (operation, policy) in attached.Select(p => ("AttachRolePolicy", p)).Concat(detached.Select(p => ("DetachRolePolicy", p)))
        )
        {
            call.Authorize("iam", operation, role.Arn, new Dictionary<string, string> { ["iam:PolicyARN"] = policy });
        }
    }

    private static ResourceIdentity Identified(Role role) => Identity(role.Name, ("Arn", role.Arn), ("RoleId", role.Id));

    private static Role Wanted(ResourceCall call, string name) =>
        new()
        {
            Account = call.Account,
            Name = name,
            Path = call.Properties.Text("Path") ?? "/",
            TrustPolicy =
                call.Properties["AssumeRolePolicyDocument"]?.ToJsonString()
                ?? throw new TemplateException(
                    "Properties validation failed for resource with message: [#: required key [AssumeRolePolicyDocument] not found]"
                ),
            InlinePolicies = new(
                (call.Properties["Policies"] as JsonArray ?? [])
                    .OfType<JsonObject>()
                    .ToDictionary(p => p.Required("PolicyName"), p => p["PolicyDocument"]!.ToJsonString()),
                StringComparer.Ordinal
            ),
            ManagedPolicies = new(call.Properties.Texts("ManagedPolicyArns"), StringComparer.Ordinal),
            PermissionsBoundary = call.Properties.Text("PermissionsBoundary"),
            MaxSessionDuration = call.Properties.Number("MaxSessionDuration") ?? 3600,
            Tags = call.Tags(),
        };
}
