using System.IO.Enumeration;
using System.Text.Json.Nodes;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Steps;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Acceptance.Tests;

/// <summary>What the deployer's roles may do and what they did, over a success and a chain of failures and redrives.</summary>
public sealed class PermissionsUsed : IAsyncLifetime
{
    private const string RolePrefix = "deployer-dev-";

    private readonly TemporaryFolder _success = new();
    private readonly TemporaryFolder _failures = new();
    private readonly TemporaryFolder _instance = new();
    private readonly TemporaryFolder _containers = new();
    private readonly TemporaryFolder _transactors = new();
    private readonly TemporaryFolder _approved = new();

    /// <summary>Uses of a rehearsal that succeeded.</summary>
    public IReadOnlyList<PermissionUse> Success { get; private set; } = [];

    /// <summary>Uses of all rehearsals.</summary>
    public IReadOnlyList<PermissionUse> All { get; private set; } = [];

    /// <summary>What the doctor asks for.</summary>
    public HashSet<(string Role, string Action)> Needed { get; private set; } = [];

    /// <summary>Every action of every policy, as the templates made them.</summary>
    public IReadOnlyList<Grant> Granted { get; private set; } = [];

    /// <summary>The statements of the roles that the templates for targets and pipelines make.</summary>
    public IReadOnlyList<GrantingStatement> Statements { get; private set; } = [];

    /// <summary>The managed policies of the deployer's stack that no role has.</summary>
    public IReadOnlyList<string> OfPeople { get; private set; } = [];

    /// <summary>Every statement of every role that the templates make, also of the policies that several roles share.</summary>
    public IReadOnlyList<HeldStatement> EveryStatement { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        var all = new List<PermissionUse>();
        await using (var accounts = await SimulatedAccounts.Open(_success.Path))
        {
            Granted = await accounts.Rehearsal.World.Do(() => Grants(accounts.Rehearsal.World));
            Statements = await accounts.Rehearsal.World.Do(() => ReadStatements(accounts.Rehearsal.World));
            EveryStatement = await accounts.Rehearsal.World.Do(() => ReadEveryStatement(accounts.Rehearsal.World));
            OfPeople = await accounts.Rehearsal.World.Do(() => ReadPoliciesOfPeople(accounts.Rehearsal.World));
            Needed = accounts.NeededPermissions().Select(need => (need.Role, need.Action)).ToHashSet();
            (await accounts.Plan()).Problems.ShouldBe(0);
            all.AddRange(await Uses(accounts));
            (await accounts.Deploy()).Verdict.ShouldBe(Verdict.Succeeded);
            Success = await Uses(accounts);
            (await accounts.Deploy()).Verdict.ShouldBe(Verdict.NothingToDo);
            all.AddRange([.. Success, .. await Uses(accounts)]);
            (await accounts.Doctor()).Checks.Where(check => check.Status != CheckStatus.Ok).ShouldBeEmpty();
            all.AddRange(await Uses(accounts));
            foreach (var capacity in new[] { "off", "on" })
            {
                (await accounts.ChangeCapacity(capacity)).Verdict.ShouldBe(Verdict.Succeeded);
                all.AddRange(await Uses(accounts));
            }
        }

        var shortLived = CommandLine.CopyInventory(_instance.Path);
        var description = Path.Combine(shortLived, "deployer.yaml");
        await File.WriteAllTextAsync(
            description,
            (await File.ReadAllTextAsync(description)).Replace("expireAfter: 72h", "expireAfter: 1h", StringComparison.Ordinal)
        );
        await using (var accounts = await SimulatedAccounts.OpenInstance(_success.Path, "x", shortLived))
        {
            (await accounts.Deploy()).Verdict.ShouldBe(Verdict.Succeeded);
            await accounts.Rehearsal.Pass(TimeSpan.FromHours(2));
            (await accounts.Keys("INSTANCES")).ShouldBeEmpty();
            all.AddRange(await Uses(accounts));
        }

        string execution;
        await using (var accounts = await SimulatedAccounts.Open(_failures.Path, "rollback-fails"))
        {
            var failed = await accounts.Deploy();
            failed.Error.ShouldBe("StackFailedException");
            execution = failed.Deployment!;
            all.AddRange(await Uses(accounts));
        }

        foreach (
            var (fault, error) in new[]
            {
                ("ion-load-fails", "IonsRolledBackException"),
                ("lambdas-half-fail", "LambdasNotConfiguredException"),
                ("stack-rolls-back", "StackFailedException"),
            }
        )
        {
            await using var accounts = await SimulatedAccounts.Open(_failures.Path, fault);
            (await accounts.Redrive(execution)).Error.ShouldBe(error);
            (await accounts.Plan()).Problems.ShouldBe(0);
            all.AddRange(await Uses(accounts));
        }

        await using (var accounts = await SimulatedAccounts.Open(_failures.Path))
        {
            (await accounts.Redrive(execution)).Verdict.ShouldBe(Verdict.Succeeded);
            all.AddRange(await Uses(accounts));
        }

        var containers = await ContainerService.Write(_containers.Path);
        var state = Path.Combine(_containers.Path, "state");
        foreach (var (faults, verdict) in new[] { (Array.Empty<string>(), Verdict.Succeeded), (["tasks-do-not-start"], Verdict.Failed) })
        {
            await using var accounts = await SimulatedAccounts.OpenService(containers, state, faults);
            Needed = [.. Needed, .. accounts.NeededPermissions().Select(need => (need.Role, need.Action))];
            (await accounts.Plan()).Problems.ShouldBe(0);
            (await accounts.Deploy()).Verdict.ShouldBe(verdict);
            all.AddRange(await Uses(accounts));
            await ContainerService.AnotherCommit(containers);
        }

        var (kept, transactors) = await OrdersService.CopyDeployed(_transactors.Path);
        await OrdersService.AnotherImage(transactors);
        foreach (var (faults, verdict) in new[] { (["tasks-do-not-start"], Verdict.Failed), (Array.Empty<string>(), Verdict.Succeeded) })
        {
            await using var accounts = await SimulatedAccounts.OpenService(transactors, kept, faults);
            Needed = [.. Needed, .. accounts.NeededPermissions().Select(need => (need.Role, need.Action))];
            (await accounts.Plan()).Problems.ShouldBe(0);
            (await accounts.Deploy()).Verdict.ShouldBe(verdict);
            // The statements that are looked at are those of the other service, by the same template.
            all.AddRange(
                (await Uses(accounts)).Select(use =>
                    use with
                    {
                        Resource = use.Resource.Replace("orders", "inventory", StringComparison.Ordinal),
                    }
                )
            );
        }

        var approved = await ApprovedInPipeline.Write(_approved.Path);
        await using (var accounts = await SimulatedAccounts.OpenService(approved, Path.Combine(_approved.Path, "state")))
        {
            var waiting = await accounts.Deploy();
            waiting.Verdict.ShouldBe(Verdict.WaitingForApproval);
            all.AddRange(await Uses(accounts));
            (await accounts.Approve(waiting.Plan!.Plan)).Verdict.ShouldBe(Verdict.Succeeded);
            all.AddRange(await Uses(accounts));
        }

        All = all;
    }

    public ValueTask DisposeAsync()
    {
        _success.Dispose();
        _failures.Dispose();
        _instance.Dispose();
        _containers.Dispose();
        _transactors.Dispose();
        _approved.Dispose();
        return ValueTask.CompletedTask;
    }

    private static Task<IReadOnlyList<PermissionUse>> Uses(SimulatedAccounts accounts) =>
        accounts.Rehearsal.World.Do<IReadOnlyList<PermissionUse>>(() => [.. accounts.Rehearsal.World.Audit.Uses]);

    private static IReadOnlyList<Grant> Grants(RehearsalWorld world)
    {
        var policies = new Roles(world);
        var roles = world
            .Store.Table<Role>("iam/roles")
            .WithPrefix(string.Empty)
            .Select(entry => entry.Value)
            .Where(role => role.Name.StartsWith(RolePrefix, StringComparison.Ordinal))
            .ToList();
        var own = roles.SelectMany(role =>
            role.InlinePolicies.Values.SelectMany(Actions).Select(action => new Grant(role.Name[RolePrefix.Length..], action, [role.Name]))
        );
        var shared = roles
            .SelectMany(role => role.ManagedPolicies, (role, policy) => (Role: role.Name, Policy: policy))
            .GroupBy(pair => pair.Policy, pair => pair.Role)
            .SelectMany(users =>
                Actions(policies.PolicyText(users.Key))
                    .Select(action => new Grant(
                        users.Count() == 1
                            ? users.Single()[RolePrefix.Length..]
                            : $"policy {users.Key.Split('/')[^1].Replace(RolePrefix, string.Empty, StringComparison.Ordinal)}",
                        action,
                        [.. users]
                    ))
            );
        return [.. own.Concat(shared).DistinctBy(grant => (grant.Holder, grant.Action))];
    }

    private static IReadOnlyList<GrantingStatement> ReadStatements(RehearsalWorld world) =>
        [
            .. world
                .Store.Table<Role>("iam/roles")
                .WithPrefix(string.Empty)
                .Select(entry => entry.Value)
                .Where(role =>
                    role.Name is "deployer-dev-target" or "deployer-dev-cloudformation" or "deployer-dev-ions" or "deployer-dev-events"
                    || role.Name.StartsWith("inventory-pipeline-", StringComparison.Ordinal)
                )
                .SelectMany(role =>
                    role.InlinePolicies.Values.Concat(role.ManagedPolicies.Select(new Roles(world).PolicyText))
                        .SelectMany(policy => Many(JsonNode.Parse(policy)!["Statement"]!))
                        .Where(statement => statement["Effect"]!.GetValue<string>() == "Allow")
                        .Select(statement => new GrantingStatement(
                            role.Name,
                            statement["Sid"]!.GetValue<string>(),
                            [.. Many(statement["Action"]!).Select(action => action.GetValue<string>())],
                            [.. Many(statement["Resource"]!).Select(resource => resource.GetValue<string>())]
                        ))
                ),
        ];

    private static IReadOnlyList<string> ReadPoliciesOfPeople(RehearsalWorld world)
    {
        var held = world
            .Store.Table<Role>("iam/roles")
            .WithPrefix(string.Empty)
            .SelectMany(entry => entry.Value.ManagedPolicies)
            .ToHashSet();
        return
        [
            .. world
                .Store.Table<ManagedPolicy>("iam/policies")
                .WithPrefix(string.Empty)
                .Select(entry => entry.Value.Arn)
                .Where(arn => arn.Contains(":policy/deployer-", StringComparison.Ordinal) && !held.Contains(arn))
                .Select(arn => arn.Split('/')[^1]),
        ];
    }

    private static IReadOnlyList<HeldStatement> ReadEveryStatement(RehearsalWorld world)
    {
        var policies = new Roles(world);
        var roles = world
            .Store.Table<Role>("iam/roles")
            .WithPrefix(string.Empty)
            .Select(entry => entry.Value)
            .Where(role =>
                role.Name.StartsWith(RolePrefix, StringComparison.Ordinal)
                || role.Name.StartsWith("inventory-pipeline-", StringComparison.Ordinal)
            )
            .ToList();
        return
        [
            .. roles.SelectMany(role =>
                role.InlinePolicies.Values.SelectMany(policy =>
                    Allowing(policy, role.Name.Replace(RolePrefix, string.Empty, StringComparison.Ordinal), [role.Name])
                )
            ),
            .. roles
                .SelectMany(role => role.ManagedPolicies, (role, policy) => (Role: role.Name, Policy: policy))
                .GroupBy(pair => pair.Policy, pair => pair.Role)
                .SelectMany(users =>
                    Allowing(
                        policies.PolicyText(users.Key),
                        users.Count() == 1
                            ? users.Single().Replace(RolePrefix, string.Empty, StringComparison.Ordinal)
                            : $"policy {users.Key.Split('/')[^1].Replace(RolePrefix, string.Empty, StringComparison.Ordinal)}",
                        [.. users]
                    )
                ),
        ];

        static IEnumerable<HeldStatement> Allowing(string policy, string holder, IReadOnlyList<string> roles) =>
            Many(JsonNode.Parse(policy)!["Statement"]!)
                .Where(statement => statement["Effect"]!.GetValue<string>() == "Allow")
                .Select(statement => new HeldStatement(
                    holder,
                    roles,
                    statement["Sid"]?.GetValue<string>(),
                    [.. Many(statement["Action"]!).Select(action => action.GetValue<string>())],
                    [.. Many(statement["Resource"]!).Select(resource => resource.GetValue<string>())]
                ));
    }

    private static IEnumerable<string> Actions(string policy) =>
        Many(JsonNode.Parse(policy)!["Statement"]!)
            .Where(statement => statement["Effect"]!.GetValue<string>() == "Allow")
            .SelectMany(statement => Many(statement["Action"]!))
            .Select(action => action.GetValue<string>());

    private static IEnumerable<JsonNode> Many(JsonNode node) => node is JsonArray several ? several.Select(one => one!) : [node];
}

/// <summary>A statement that allows something.</summary>
/// <param name="Role">The role that has it.</param>
/// <param name="Sid">Its name.</param>
/// <param name="Actions">Patterns of actions.</param>
/// <param name="Resources">Patterns of ARNs.</param>
public sealed record GrantingStatement(string Role, string Sid, IReadOnlyList<string> Actions, IReadOnlyList<string> Resources)
{
    /// <summary>Whether it allows what was done, its conditions aside.</summary>
    public bool Allows(PermissionUse use) =>
        use.Role == Role
        && Actions.Any(action => Matches(action, use.Action))
        && Resources.Any(resource => Matches(resource, use.Resource));

    internal static bool Matches(string pattern, string text) => FileSystemName.MatchesSimpleExpression(pattern, text);
}

/// <summary>A statement that allows something to one role or to several.</summary>
/// <param name="Holder">The role whose own policy has it, or the policy that several roles share.</param>
/// <param name="Roles">The roles.</param>
/// <param name="Sid">Its name, where it has one.</param>
/// <param name="Actions">Patterns of actions.</param>
/// <param name="Resources">Patterns of ARNs.</param>
public sealed record HeldStatement(
    string Holder,
    IReadOnlyList<string> Roles,
    string? Sid,
    IReadOnlyList<string> Actions,
    IReadOnlyList<string> Resources
)
{
    /// <summary>Whether it allows what was done, its conditions aside.</summary>
    /// <param name="use">What was done.</param>
    /// <param name="without">An action that it does not have.</param>
    public bool Allows(PermissionUse use, string? without = null) =>
        Roles.Contains(use.Role)
        && Actions.Any(action => action != without && GrantingStatement.Matches(action, use.Action))
        && Resources.Any(resource => GrantingStatement.Matches(resource, use.Resource));

    /// <summary>Its actions that nobody has used on any of its resources.</summary>
    public IEnumerable<string> Unused(IReadOnlyList<PermissionUse> uses) =>
        Actions.Where(action =>
            !uses.Any(use =>
                use.Allowed
                && Roles.Contains(use.Role)
                && GrantingStatement.Matches(action, use.Action)
                && Resources.Any(resource => GrantingStatement.Matches(resource, use.Resource))
            )
        );
}

/// <summary>An action that a policy grants.</summary>
/// <param name="Holder">The role whose own policy it is, or the policy that several roles share.</param>
/// <param name="Action">The action, or a pattern of actions.</param>
/// <param name="Roles">The roles that have it by this policy.</param>
public sealed record Grant(string Holder, string Action, IReadOnlyList<string> Roles);

public sealed class LeastPrivilegeTests(PermissionsUsed permissions) : IClassFixture<PermissionsUsed>
{
    private const string HandlersCall = """
        apigateway:GET apigateway:PATCH apigateway:PUT autoscaling:Describe*
        cloudformation:CreateStack cloudformation:DeleteStack cloudformation:DescribeStacks cloudformation:GetStackPolicy
        cloudformation:GetTemplate cloudformation:UpdateStack cloudwatch:DeleteAlarms cloudwatch:DeleteDashboards
        cloudwatch:DescribeAlarms cloudwatch:GetDashboard cloudwatch:ListTagsForResource cloudwatch:PutDashboard
        cloudwatch:PutMetricAlarm cloudwatch:TagResource cloudwatch:UntagResource
        ec2:AuthorizeSecurityGroupEgress ec2:CreateTags ec2:DeleteTags ec2:Describe* ec2:ModifySecurityGroupRules ec2:ModifyVpcEndpoint
        ec2:ModifyVpcEndpointServiceConfiguration ec2:ModifyVpcEndpointServicePayerResponsibility ec2:RevokeSecurityGroupEgress
        ec2:RunInstances ec2:UpdateSecurityGroupRuleDescriptionsEgress ec2:UpdateSecurityGroupRuleDescriptionsIngress
        elasticloadbalancing:AddTags elasticloadbalancing:DeregisterTargets elasticloadbalancing:Describe*
        elasticloadbalancing:ModifyListener elasticloadbalancing:ModifyListenerAttributes
        elasticloadbalancing:ModifyLoadBalancerAttributes elasticloadbalancing:ModifyTargetGroup
        elasticloadbalancing:ModifyTargetGroupAttributes elasticloadbalancing:RegisterTargets elasticloadbalancing:RemoveTags
        elasticloadbalancing:SetIpAddressType elasticloadbalancing:SetSecurityGroups elasticloadbalancing:SetSubnets
        events:* iam:AddRoleToInstanceProfile iam:CreatePolicy iam:CreatePolicyVersion iam:CreateServiceLinkedRole iam:DeletePolicy
        iam:DeletePolicyVersion iam:GetInstanceProfile iam:GetPolicy iam:GetPolicyVersion iam:GetRole iam:GetRolePolicy
        iam:ListAttachedRolePolicies iam:ListEntitiesForPolicy iam:ListPolicyVersions iam:ListRolePolicies
        iam:PutRolePermissionsBoundary iam:RemoveRoleFromInstanceProfile iam:TagRole iam:UntagRole iam:UpdateAssumeRolePolicy
        iam:UpdateRole iam:UpdateRoleDescription lambda:CreateEventSourceMapping lambda:DeleteEventSourceMapping
        lambda:GetEventSourceMapping lambda:UpdateEventSourceMapping
        logs:DescribeIndexPolicies logs:DescribeLogGroups logs:DescribeResourcePolicies s3:GetObject s3:GetObjectVersion
        """;

    /// <summary>Actions that no rehearsal uses, and why a role has them still.</summary>
    private static readonly (string[] Holders, string[] Actions, string Reason)[] Needed =
    [
        (
            ["target"],
            ["servicequotas:GetAWSDefaultServiceQuota"],
            "a target's account whose quota of vCPUs was never raised; the rehearsal's was"
        ),
        (
            ["policy function"],
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Lambda writes a function's log with the function's role; the rehearsal keeps the lines itself"
        ),
        (
            ["Notify"],
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Lambda writes a function's log with the function's role; the rehearsal keeps the lines itself"
        ),
        (
            ["target"],
            [
                "cloudformation:BatchDescribeTypeConfigurations",
                "cloudformation:DescribeStackDriftDetectionStatus",
                "cloudformation:DescribeStackResourceDrifts",
                "cloudformation:DetectStackDrift",
                "cloudformation:DetectStackResourceDrift",
            ],
            "looks for what was changed by hand, for 'plan --drift' and targets with 'drift', of which the example has none (DriftTests); "
                + "CloudFormation reads the configuration of types with it"
        ),
        (
            ["policy machine-log"],
            [
                "logs:GetLogDelivery",
                "logs:UpdateLogDelivery",
                "logs:DeleteLogDelivery",
                "logs:ListLogDeliveries",
                "logs:PutResourcePolicy",
                "logs:DescribeResourcePolicies",
                "logs:DescribeLogGroups",
            ],
            "Step Functions asks for all of them; the rehearsal simulates that a delivery is made"
        ),
        (["policy build-result"], ["s3:ListBucket"], "a build that left no answer is distinguished from one that may not be read"),
        (["policy build-result"], ["logs:GetLogEvents"], "reads the end of the log of a build that failed by itself; none does here"),
        (["policy build-start"], ["codebuild:ListBuildsForProject"], "finds a build that was started and not written down"),
        (["target"], ["cloudformation:DescribeEvents"], "reads why a change set failed its validation"),
        (["target"], ["cloudformation:ListImports"], "asks who imports an export that an update would remove or change"),
        (["target"], ["cloudwatch:ListMetrics"], "finds the metrics of a revision that bakes; the example's does not"),
        (
            ["target"],
            ["lambda:ListAliases", "lambda:GetAlias", "lambda:PublishVersion", "lambda:UpdateAlias"],
            "looks at the versions of a function and moves the alias that a step names; the example's functions have neither"
        ),
        (["target"], ["cloudformation:RollbackStack"], "rolls back a stack for which that was switched off"),
        (
            ["build"],
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            "a project has to have a role; where each service's builds have their own, that role works for no build"
        ),
        (
            ["build-inventory"],
            ["s3:ListBucket"],
            "an artifact that Datomic's repository lacks is distinguished from one that may not be read; the rehearsal's has all"
        ),
        (
            ["cloudformation"],
            HandlersCall.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries),
            "handlers of resource types call it (tests/rehearsal/Iam/Policies/HandlerPermissionsTests), on AWS or for what the example's "
                + "templates do not hold; the rehearsal simulates fewer calls"
        ),
    ];

    /// <summary>Actions that a rehearsal uses by another statement of the same holder, and why this statement grants them too.</summary>
    private static readonly (string Holder, string? Sid, string[] Actions, string Reason)[] OnOtherResources =
    [
        (
            "target",
            "Transforms",
            ["cloudformation:CreateChangeSet"],
            "templates with a transform; the example has none, and the rehearsal judges the stack only"
        ),
        (
            "build-inventory",
            "ListReleases",
            ["s3:GetBucketLocation"],
            "Maven finds the region of Datomic's repository; the rehearsal's has none"
        ),
        (
            "policy function",
            null,
            ["s3:GetObject", "s3:PutObject"],
            "records that are too large for the table are in the bucket; the example's are not (tests/functions/Ledger)"
        ),
    ];

    /// <summary>Actions that two statements of a role grant on the same, and why.</summary>
    private static readonly (string Holder, string? Sid, string[] Actions, string Reason)[] AllowedTwice =
    [
        (
            "policy promotion",
            null,
            ["dynamodb:Query"],
            "the first stage reads its own records by it, as every function may; of a stage that promotes, it reads the table of the stage "
                + "before, which nothing else allows (PromotionTests)"
        ),
    ];

    /// <summary>Statements without which no rehearsal is denied anything; what they are for is asked by a test of its own.</summary>
    private static readonly (string Role, string Sid, string Action, string Resource, string Reason)[] Unrehearsed =
    [
        (
            "deployer-dev-cloudformation",
            "ReadPublishedTemplates",
            "s3:GetObject",
            "arn:aws:s3:::datomic-cloud-1/cft/1217/nested.json",
            "templates of Datomic's that are nested in another one; the simulated ones nest none"
        ),
        (
            "deployer-dev-target",
            "Transforms",
            "cloudformation:CreateChangeSet",
            "arn:aws:cloudformation:us-east-1:aws:transform/Serverless-2016-10-31",
            "templates with a transform; the example has none, and the rehearsal judges the stack only"
        ),
    ];

    [Fact]
    public void A_deployment_is_denied_nothing() => permissions.Success.Where(use => !use.Allowed).ShouldBeEmpty();

    [Fact]
    public void Failures_and_redrives_are_denied_nothing() => permissions.All.Where(use => !use.Allowed).ShouldBeEmpty();

    [Fact]
    public void Every_granted_action_is_used_or_has_a_reason()
    {
        var used = permissions.All.Select(use => (use.Role, use.Action)).ToHashSet();
        var unused = permissions.Granted.Where(grant =>
            !used.Any(use =>
                grant.Roles.Contains(use.Role)
                && (
                    grant.Action.EndsWith('*')
                        ? use.Action.StartsWith(grant.Action[..^1], StringComparison.Ordinal)
                        : use.Action == grant.Action
                )
            )
        );

        unused
            .Select(grant => $"{grant.Holder} {grant.Action}")
            .ShouldBe(
                Needed.SelectMany(needed => needed.Holders.SelectMany(holder => needed.Actions.Select(action => $"{holder} {action}"))),
                ignoreOrder: true
            );
    }

    /// <summary>
    /// The doctor's own requests aside, and those of CloudFormation, whose templates say what it needs and of which it asks for a few.
    /// </summary>
    [Fact]
    public void Every_permission_that_was_used_is_one_that_the_doctor_asks_for()
    {
        string[] ofDoctor =
        [
            "events:DescribeRule",
            "events:ListTargetsByRule",
            "iam:ListAttachedRolePolicies",
            "iam:SimulatePrincipalPolicy",
            "ec2:DescribeInstances",
            "servicequotas:GetAWSDefaultServiceQuota",
            "servicequotas:GetServiceQuota",
        ];

        permissions
            .All.Where(use => use.Allowed && use.Role.StartsWith("deployer-dev-", StringComparison.Ordinal))
            .Where(use => use.Role is not ("deployer-dev-Check" or "deployer-dev-cloudformation"))
            .Where(use => use.Role != "deployer-dev-target" || !ofDoctor.Append("events:PutEvents").Contains(use.Action))
            .Select(use => (use.Role, use.Action))
            .Distinct()
            .Where(use => !permissions.Needed.Contains(use))
            .ShouldBeEmpty();
    }

    /// <summary>
    /// An action that one statement grants on what nobody needs is hidden by another statement that grants it where it is used: so each
    /// statement is looked at alone, with its resources.
    /// </summary>
    [Fact]
    public void Every_statement_is_used_by_a_rehearsal_or_has_a_reason()
    {
        var uses = permissions.All.Distinct().ToList();
        var reasons = Needed
            .SelectMany(needed => needed.Holders.SelectMany(holder => needed.Actions.Select(action => $"{holder} {action}")))
            .Concat(OnOtherResources.SelectMany(one => one.Actions.Select(action => $"{one.Holder} {one.Sid} {action}")))
            .ToHashSet();

        permissions.EveryStatement.Count.ShouldBeGreaterThan(100);
        permissions
            .EveryStatement.SelectMany(statement => statement.Unused(uses).Select(action => (Statement: statement, Action: action)))
            .Where(unused =>
                !reasons.Contains($"{unused.Statement.Holder} {unused.Action}")
                && !reasons.Contains($"{unused.Statement.Holder} {unused.Statement.Sid} {unused.Action}")
            )
            .Select(unused => $"{unused.Statement.Holder} {unused.Statement.Sid} {unused.Action} on {unused.Statement.Resources[0]}")
            .ShouldBeEmpty();
    }

    /// <summary>
    /// Without it a rehearsal is denied something, or an action that has its reason above is granted no more. That a statement is widened
    /// or loses its condition is noticed by tests/rehearsal/Iam/Policies.
    /// </summary>
    [Fact]
    public void The_lack_of_any_statement_of_the_templates_is_noticed()
    {
        var uses = permissions.All.Where(use => use.Allowed).Distinct().ToList();
        var reasons = Needed
            .SelectMany(needed => needed.Holders.SelectMany(holder => needed.Actions.Select(action => $"{holder} {action}")))
            .ToHashSet();
        var unnoticed = permissions.Statements.Where(statement =>
        {
            var others = permissions.Statements.Where(other => other.Role == statement.Role && !ReferenceEquals(other, statement)).ToList();
            return !uses.Exists(use => statement.Allows(use) && !others.Exists(other => other.Allows(use)))
                && !statement.Actions.Any(action =>
                    reasons.Contains($"{statement.Role["deployer-dev-".Length..]} {action}")
                    && !others.Exists(other => other.Actions.Contains(action))
                );
        });

        permissions.Statements.Count.ShouldBeGreaterThan(50);
        unnoticed
            .Select(statement => $"{statement.Role} {statement.Sid}")
            .ShouldBe(Unrehearsed.Select(one => $"{one.Role} {one.Sid}"), ignoreOrder: true);
    }

    /// <summary>
    /// Each action is taken out of each statement of each template, one at a time, and every request that was allowed in the rehearsals is
    /// judged again: the lack is noticed where one of them is now denied. One that is not has its reason. Conditions are left aside, so
    /// that of two statements that allow the same, neither counts as noticed.
    /// </summary>
    [Fact]
    public void The_lack_of_any_action_of_any_statement_is_noticed_or_has_a_reason()
    {
        var uses = permissions.All.Where(use => use.Allowed).Distinct().ToLookup(use => use.Role);
        var byRole = permissions
            .EveryStatement.SelectMany(statement => statement.Roles, (statement, role) => (statement, role))
            .ToLookup(pair => pair.role, pair => pair.statement);
        var mutations = permissions
            .EveryStatement.SelectMany(statement => statement.Actions, (statement, action) => (Statement: statement, Action: action))
            .ToList();
        var unnoticed = mutations.Where(mutation => !IsNoticed(mutation.Statement, mutation.Action)).ToList();
        var reasons = Needed
            .SelectMany(needed => needed.Holders.SelectMany(holder => needed.Actions.Select(action => $"{holder} {action}")))
            .ToHashSet();
        var expected = OnOtherResources
            .Concat(AllowedTwice)
            .SelectMany(one => one.Actions.Select(action => $"{one.Holder} {one.Sid} {action}"))
            .ToHashSet();

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{mutations.Count} actions of {permissions.EveryStatement.Count} statements: the lack of {mutations.Count - unnoticed.Count} "
                + $"is noticed by a rehearsal, {unnoticed.Count} have a reason"
        );
        permissions.OfPeople.ShouldBe(["deployer-dev-operator", "deployer-dev-approver"], ignoreOrder: true);
        mutations.Count.ShouldBeGreaterThan(250);
        unnoticed
            .Where(mutation => !reasons.Contains($"{mutation.Statement.Holder} {mutation.Action}"))
            .Select(mutation => $"{mutation.Statement.Holder} {mutation.Statement.Sid} {mutation.Action}")
            .ShouldBe(expected, ignoreOrder: true);

        bool IsNoticed(HeldStatement statement, string action) =>
            statement.Roles.Any(role =>
                uses[role]
                    .Any(use =>
                        GrantingStatement.Matches(action, use.Action)
                        && statement.Allows(use)
                        && !statement.Allows(use, without: action)
                        && !byRole[role].Any(other => !ReferenceEquals(other, statement) && other.Allows(use))
                    )
            );
    }

    [Fact]
    public void What_no_rehearsal_needs_is_allowed_by_its_statement()
    {
        foreach (var (role, sid, action, resource, reason) in Unrehearsed)
        {
            permissions
                .Statements.Where(statement => statement.Allows(new("111111111111", role, action, resource, Allowed: true)))
                .Select(statement => statement.Sid)
                .ShouldContain(sid, reason);
        }
    }
}
