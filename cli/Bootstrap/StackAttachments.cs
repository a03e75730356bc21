using System.Text.RegularExpressions;
using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.IdentityManagement;
using Amazon.IdentityManagement.Model;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Deployments;
using Deployer.Cli.Output;
using Deployer.Functions.Accounts;

namespace Deployer.Cli.Bootstrap;

/// <summary>
/// What others have attached to the roles and policies of a stack: IAM deletes neither as long as it is there, and the stack would be left
/// half deleted.
/// </summary>
/// <remarks>
/// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html,
/// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html
/// </remarks>
/// <param name="access">The account.</param>
/// <param name="cancellation">Ends reading.</param>
internal sealed partial class StackAttachments(AwsAccess access, CancellationToken cancellation) : IDisposable
{
    private const string RoleType = "AWS::IAM::Role";
    private const string PolicyType = "AWS::IAM::ManagedPolicy";

    private readonly AmazonIdentityManagementServiceClient _iam = access.Connection.Open(
        (credentials, config) => new AmazonIdentityManagementServiceClient(credentials, config),
        new AmazonIdentityManagementServiceConfig()
    );

    private readonly Dictionary<string, AmazonCloudFormationClient> _regions = new(StringComparer.Ordinal);

    /// <summary>What has to give up its policies on the stack's roles, each stack once.</summary>
    /// <param name="program">How this program is called.</param>
    /// <param name="stack">The stack with the roles.</param>
    public async Task<IReadOnlyList<NextStep>> OfRoles(string program, Stack stack)
    {
        var resources = await Resources(stack);
        // What its template attaches: its own policies, and those that its parameters name.
        var own = Ids(resources, PolicyType)
            .Concat((stack.Parameters ?? []).SelectMany(parameter => (parameter.ParameterValue ?? string.Empty).Split(',')))
            .Select(policy => policy.Trim())
            .ToHashSet(StringComparer.Ordinal);
        var steps = new List<NextStep>();
        var owners = new Dictionary<string, (Stack Stack, string Region, SortedSet<string> Roles)>(StringComparer.Ordinal);
        foreach (var role in Ids(resources, RoleType))
        {
            foreach (var policy in (await Attached(role)).Where(policy => !own.Contains(policy)))
            {
                if (await Owner(policy) is not var (owner, region))
                {
                    steps.Add(
                        new NextStep(
                            $"No stack has attached {policy} to the role {role}; detach it:",
                            ShellWords.Join([
                                .. (string[])["aws", "iam", "detach-role-policy", "--role-name", role, "--policy-arn", policy],
                                .. (access.Settings with { Region = null }).Words,
                            ])
                        )
                    );
                }
                else if (!owners.TryAdd(owner.StackId, (owner, region, [role])))
                {
                    owners[owner.StackId].Roles.Add(role);
                }
            }
        }

        return [.. owners.Values.Select(owner => Step(program, owner.Stack, owner.Region, owner.Roles)), .. steps];
    }

    /// <summary>Who has to give up the stack's policies: roles, users and groups that are not the stack's own.</summary>
    /// <param name="stack">The stack with the policies.</param>
    public async Task<IReadOnlyList<NextStep>> OfPolicies(Stack stack)
    {
        var resources = await Resources(stack);
        var attached = new List<string>();
        foreach (var role in Ids(resources, RoleType))
        {
            attached.AddRange(await Attached(role));
        }

        var steps = new List<NextStep>();
        foreach (var arn in Ids(resources, PolicyType))
        {
            if ((await Find(arn))?.AttachmentCount > attached.Count(policy => policy == arn))
            {
                steps.Add(
                    new NextStep(
                        $"Detach {arn} from whom it was attached to, or delete the stack that did so; who that is:",
                        ShellWords.Join([
                            .. (string[])["aws", "iam", "list-entities-for-policy", "--policy-arn", arn],
                            .. (access.Settings with { Region = null }).Words,
                        ])
                    )
                );
            }
        }

        return steps;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _iam.Dispose();
        foreach (var client in _regions.Values)
        {
            client.Dispose();
        }
    }

    private NextStep Step(string program, Stack owner, string region, SortedSet<string> roles)
    {
        var attached = $"Stack {owner.StackName}, {region}, has attached policies to {string.Join(", ", roles)}";
        if (
            (ProductStack.Parameter(owner, "Service"), ProductStack.Parameter(owner, "Stage")) is not ({ } service, { } stage)
            || owner.StackName != ServiceStack.NameOf(service, stage)
        )
        {
            return new NextStep($"{attached}; it is none of the deployer's. Delete it, or take them out of its template.");
        }

        var settings = region == access.Region ? access.Settings : access.Settings with { Region = region };
        var named = region == access.Region ? string.Empty : $", which the file may call otherwise than {stage} in that region";
        return new NextStep(
            $"{attached}. In the folder of {service}, with its target{named}:",
            ShellWords.Join([program, "teardown", "service", ".", "--target", stage, "--stage", stage, .. settings.Words])
        );
    }

    private Task<List<StackResourceSummary>> Resources(Stack stack) =>
        Pages.All(
            next =>
                CloudFormation(access.Region)
                    .ListStackResourcesAsync(new ListStackResourcesRequest { StackName = stack.StackId, NextToken = next }, cancellation),
            page => page.StackResourceSummaries,
            page => page.NextToken
        );

    /// <summary>The ARNs of a role's managed policies; none of a role that is gone.</summary>
    private async Task<IReadOnlyList<string>> Attached(string role)
    {
        try
        {
            return await Pages.All(
                next =>
                    _iam.ListAttachedRolePoliciesAsync(
                        new ListAttachedRolePoliciesRequest { RoleName = role, Marker = next },
                        cancellation
                    ),
                page => page.AttachedPolicies?.Select(policy => policy.PolicyArn),
                page => page.Marker
            );
        }
        catch (NoSuchEntityException)
        {
            return [];
        }
    }

    /// <summary>To how many roles, users and groups a policy is attached.</summary>
    /// <summary>The policy; <see langword="null"/> for one that somebody has deleted meanwhile.</summary>
    private async Task<Policy?> Find(string policy)
    {
        try
        {
            return (await _iam.GetPolicyAsync(new GetPolicyRequest { PolicyArn = policy }, cancellation)).Policy;
        }
        catch (NoSuchEntityException)
        {
            return null;
        }
    }

    /// <summary>The stack that made a policy: in this region, or in one that the policy speaks of.</summary>
    private async Task<(Stack Stack, string Region)?> Owner(string policy)
    {
        foreach (var region in (string[])[access.Region, .. await RegionsOf(policy)])
        {
            if (await Owner(policy, region) is { } owner)
            {
                return (owner, region);
            }
        }

        return null;
    }

    private async Task<Stack?> Owner(string policy, string region)
    {
        var cloudFormation = CloudFormation(region);
        try
        {
            var found = await cloudFormation.DescribeStackResourcesAsync(
                new DescribeStackResourcesRequest { PhysicalResourceId = policy },
                cancellation
            );
            return found.StackResources is [var any, ..]
                ? (await cloudFormation.DescribeStacksAsync(new DescribeStacksRequest { StackName = any.StackId }, cancellation)).Stacks[0]
                : null;
        }
        catch (AmazonCloudFormationException none) when (none.ErrorCode == "ValidationError")
        {
            return null;
        }
    }

    /// <summary>
    /// The regions of the ARNs in a policy: it does not say where its stack is, and what a service is granted holds in its stack's region.
    /// </summary>
    private async Task<IReadOnlyList<string>> RegionsOf(string policy)
    {
        if (await Find(policy) is not { } described)
        {
            return [];
        }

        var version = await _iam.GetPolicyVersionAsync(
            new GetPolicyVersionRequest { PolicyArn = policy, VersionId = described.DefaultVersionId },
            cancellation
        );
        return
        [
            .. RegionOfArn()
                .Matches(Uri.UnescapeDataString(version.PolicyVersion.Document))
                .Select(found => found.Groups["region"].Value)
                .Where(region => region != access.Region)
                .Distinct(StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<string> Ids(IEnumerable<StackResourceSummary> resources, string type) =>
        resources
            .Where(resource => resource.ResourceType == type && !string.IsNullOrEmpty(resource.PhysicalResourceId))
            .Select(resource => resource.PhysicalResourceId);

    private AmazonCloudFormationClient CloudFormation(string region)
    {
        if (!_regions.TryGetValue(region, out var client))
        {
            client = access.Connection.Open(
                (credentials, config) => new AmazonCloudFormationClient(credentials, config),
                new AmazonCloudFormationConfig(),
                region
            );
            _regions.Add(region, client);
        }

        return client;
    }

    [GeneratedRegex("arn:[a-z-]+:[a-z0-9-]+:(?<region>[a-z]{2}(-[a-z]+)+-[0-9]):", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex RegionOfArn();
}
