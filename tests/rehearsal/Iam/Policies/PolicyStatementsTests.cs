using System.Text.RegularExpressions;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.Iam.Actions;

namespace Deployer.Rehearsal.Tests.Iam.Policies;

/// <summary>
/// The deployer's templates against what IAM knows of actions:
/// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html.
/// </summary>
public sealed partial class PolicyStatementsTests(DeployedPolicies policies) : IClassFixture<DeployedPolicies>
{
    [Fact]
    public void There_are_statements_of_every_template()
    {
        var roles = policies.Statements.Select(statement => statement.Role).ToHashSet();

        foreach (var role in new[] { "Begin", "build", "build-inventory", "target", "cloudformation", "ions", "events" })
        {
            roles.ShouldContain($"deployer-dev-{role}");
        }

        roles.ShouldContain("inventory-pipeline-us-east-1");
        policies.Statements.Count.ShouldBeGreaterThan(150);
    }

    [Fact]
    public void Every_action_is_one_that_IAM_knows() =>
        (
            from statement in policies.Statements
            from action in statement.Actions
            where !IamActions.Matching(action).Any()
            select $"{statement}: {action}"
        ).ShouldBeEmpty();

    [Fact]
    public void Every_action_knows_a_resource_of_its_statement_or_none_at_all() =>
        (
            from statement in policies.Statements
            where statement.Resources.Count > 0
            from pattern in statement.Actions
            let actions = IamActions.Matching(pattern).ToList()
            where
                !actions.Exists(action =>
                    statement.Resources.Any(resource =>
                        action.ResourceTypes.Count == 0 ? resource == "*" : resource == "*" || action.Knows(resource)
                    )
                )
            select $"{statement}: {pattern} knows none of {string.Join(", ", statement.Resources)}"
        ).ShouldBeEmpty();

    [Fact]
    public void Every_resource_is_of_a_type_that_an_action_of_its_statement_knows() =>
        (
            from statement in policies.Statements
            from resource in statement.Resources
            where resource != "*" && !statement.Actions.SelectMany(IamActions.Matching).Any(action => action.Knows(resource))
            select $"{statement}: {resource}"
        ).ShouldBeEmpty();

    [Fact]
    public void Every_condition_key_is_known_to_an_action_of_its_statement() =>
        (
            from statement in policies.Statements
            from key in statement.ConditionKeys
            from pattern in statement.Actions
            where !IamActions.Matching(pattern).Any(action => action.Has(key))
            select $"{statement}: {pattern} has no {key}"
        ).ShouldBeEmpty();

    [Fact]
    public void An_operator_starts_watches_redrives_and_stops_and_goes_nowhere_else()
    {
        var operators = policies.Statements.Where(statement => statement.Owner == "deployer-dev-operator").ToList();

        operators
            .SelectMany(statement => statement.Actions)
            .ShouldBe([
                "states:DescribeStateMachine",
                "states:ListExecutions",
                "states:StartExecution",
                "states:DescribeExecution",
                "states:GetExecutionHistory",
                "states:RedriveExecution",
                "states:StopExecution",
                "s3:PutObject",
                "s3:GetObject",
                "dynamodb:GetItem",
                "dynamodb:Query",
                "lambda:InvokeFunction",
                "codepipeline:ListActionExecutions",
            ]);
        operators
            .SelectMany(statement => statement.Resources)
            .Where(resource => !resource.Contains("deployer-dev", StringComparison.Ordinal))
            .ShouldBe([$"arn:aws:codepipeline:us-east-1:{DeployedPolicies.Account}:*"]);
    }

    /// <summary>A statement that is widened to everything is one more of these.</summary>
    [Fact]
    public void What_is_granted_on_everything_is_this_and_no_more() =>
        Of("target", "cloudformation", "ions", "events", "pipeline")
            .Where(statement => statement.Resources.Contains("*"))
            .Select(Named)
            .Distinct()
            .ShouldBe(
                [
                    "target: ReadWithoutResources",
                    "target: ReadTemplates",
                    "target: ReadMetrics",
                    "target: ReadExports",
                    "target: DriftWithoutResources",
                    "cloudformation: ReadWithoutResources",
                    "cloudformation: EventSourceMappings",
                    "cloudformation: WithoutResources",
                    "ions: FindCodeBucket",
                ],
                ignoreOrder: true
            );

    /// <summary>A condition that is dropped is one fewer of these.</summary>
    [Fact]
    public void What_is_granted_under_conditions_is_this_and_no_less() =>
        Of("target", "cloudformation", "ions", "events", "pipeline")
            .Where(statement => statement.ConditionKeys.Any())
            .Select(statement => $"{Named(statement)}: {string.Join(", ", statement.ConditionKeys)}")
            .Distinct()
            .ShouldBe(
                [
                    "target: trust: aws:PrincipalArn, sts:ExternalId",
                    "target: CheckEvents: events:source",
                    "target: PassCloudFormationRole: iam:PassedToService",
                    "target: PassTaskRoles: iam:PassedToService",
                    "target: ListCode: aws:ResourceAccount",
                    "target: ReadCode: aws:ResourceAccount",
                    "cloudformation: ServiceLinkedRoles: iam:AWSServiceName",
                    "cloudformation: EmpowerRoles: iam:PermissionsBoundary",
                    "cloudformation: PassRoles: iam:PassedToService",
                    "cloudformation: EventSourceMappings: lambda:FunctionArn",
                    "cloudformation: PassSystemRoles: iam:PassedToService",
                    "cloudformation: SystemServiceLinkedRoles: iam:AWSServiceName",
                    "ions: trust: aws:PrincipalArn, sts:ExternalId",
                    "ions: PushCode: aws:ResourceAccount",
                    "ions: ListCode: aws:ResourceAccount",
                    "events: trust: aws:SourceAccount, aws:SourceArn",
                    "pipeline: trust: aws:SourceAccount, aws:SourceArn",
                    "pipeline: ReadRepository: codeconnections:FullRepositoryId",
                ],
                ignoreOrder: true
            );

    /// <summary>A comment above the statement, in every template of the product and of its examples, key policies among them.</summary>
    [Fact]
    public void Nothing_is_granted_on_everything_without_the_reason_beside_it()
    {
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        var templates = new[] { "templates", "build", "examples" }
            .SelectMany(folder => Directory.EnumerateFiles(Repository.At(folder), "*.yaml", SearchOption.AllDirectories))
            .Append(Repository.At("template.yaml"))
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'));
        foreach (var template in templates)
        {
            var lines = Repository.Text(template).Split('\n');
            for (var line = 0; line < lines.Length; line++)
            {
                if (Everything().IsMatch(lines[line]))
                {
                    found[template] = found.GetValueOrDefault(template) + 1;
                    var start = Array.FindLastIndex(lines, line, text => Beginning().IsMatch(text));
                    lines[start - 1].TrimStart().ShouldStartWith("#", customMessage: $"{template}:{line + 1} has no reason beside it");
                }
            }
        }

        found
            .Keys.Where(template => !template.StartsWith("examples/", StringComparison.Ordinal))
            .ShouldBe(
                [
                    "template.yaml",
                    "templates/pipeline.yaml",
                    "templates/service-access.yaml",
                    "templates/target.yaml",
                    "templates/transactor.yaml",
                ],
                ignoreOrder: true
            );
        found.Values.Sum().ShouldBeGreaterThan(16);
    }

    /// <summary>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: white space is not counted.</summary>
    [Fact]
    public void The_policies_are_as_small_as_IAM_wants_them()
    {
        foreach (var (owner, text) in policies.Texts)
        {
            text.Count(character => !char.IsWhiteSpace(character))
                .ShouldBeLessThanOrEqualTo(owner.StartsWith("arn:", StringComparison.Ordinal) ? 6144 : 10240, owner);
        }
    }

    /// <summary>How many services and regions of a stage fit into an account: a role takes ten managed policies.</summary>
    [Theory]
    [InlineData("always", null)]
    [InlineData("more with `Drift=yes`", "HasDrift")]
    [InlineData("more with `SystemStacks=yes`", "HasSystemStacks")]
    public void The_document_says_how_many_managed_policies_a_service_takes_of_each_role(string row, string? condition)
    {
        var resources = TemplateText.Read(Repository.Text("templates/service-access.yaml"))["Resources"]!.AsObject();
        var roles = resources
            .Select(resource => resource.Value!)
            .Where(resource => resource["Type"]!.GetValue<string>() == "AWS::IAM::ManagedPolicy")
            .Where(resource => resource["Condition"]?.GetValue<string>() == condition)
            .SelectMany(resource => resource["Properties"]!["Roles"]!.AsArray())
            .Select(role => role!.ToJsonString())
            .ToList();
        int Taken(string role) => roles.Count(name => name.Contains($"deployer-${{Stage}}-{role}\"", StringComparison.Ordinal));

        Repository.Text("docs/accounts.md").ShouldContain($"| {row} | {Taken("target")} | {Taken("ions")} | {Taken("cloudformation")} |\n");
        roles.Count.ShouldBe(Taken("target") + Taken("ions") + Taken("cloudformation"));
    }

    [Fact]
    public void No_resource_of_a_stage_ends_where_the_name_of_another_stage_could_go_on() =>
        (
            from statement in policies.Statements
            where statement.Allows
            from resource in statement.Resources
            where OpenStage().IsMatch(resource)
            select $"{statement}: {resource}"
        ).ShouldBeEmpty();

    private IEnumerable<DeployedPolicies.Statement> Of(params string[] roles) =>
        policies.Statements.Where(statement => roles.Contains(Short(statement.Role)));

    private static string Named(DeployedPolicies.Statement statement) =>
        $"{Short(statement.Role)}: {statement.Json["Sid"]?.GetValue<string>() ?? statement.Owner.Split('/')[1]}";

    private static string Short(string role) =>
        role.StartsWith("inventory-pipeline-", StringComparison.Ordinal) ? "pipeline"
        : role.StartsWith("deployer-dev-", StringComparison.Ordinal) ? role["deployer-dev-".Length..]
        : role;

    /// <summary>The resource of a statement, alone or as one of a list.</summary>
    [GeneratedRegex(@"\bResource: \[?['""]?\*|^\s*- ['""]\*['""]", RegexOptions.None, 1000)]
    private static partial Regex Everything();

    /// <summary>The first line of a statement.</summary>
    [GeneratedRegex(@"(?:- |\[)\{? ?(?:Sid|Effect):", RegexOptions.None, 1000)]
    private static partial Regex Beginning();

    [GeneratedRegex(@"\bdev\*", RegexOptions.None, 1000)]
    private static partial Regex OpenStage();
}
