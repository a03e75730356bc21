using Amazon.CloudFormation.Model;
using Amazon.EventBridge;
using Amazon.EventBridge.Model;
using Deployer.Cli.Tests.Doctor;

namespace Deployer.Cli.Tests.AwsAccounts;

/// <summary>
/// Ten mistakes at once in the accounts of the guide (<c>docs/first-account.md</c>), where its first doctor has found none: the doctor
/// finds each by its name, and none hides another.
/// </summary>
public sealed class SeededMistakesTests : IAsyncLifetime
{
    private const string Tools = "222222222222";
    private const string Target = "111111111111";
    private const string Bucket = $"deployer-dev-{Tools}";
    private const string Doctor = "deployer doctor examples/inventory --target dev --profile tools";

    private GuidedAccounts _accounts = null!;
    private AdministratorStacks _stacks = null!;
    private int _times;

    public async ValueTask InitializeAsync()
    {
        _accounts = await GuidedAccounts.Start();
        _stacks = new AdministratorStacks(_accounts.Administrator);
    }

    public ValueTask DisposeAsync() => _accounts.DisposeAsync();

    [Fact]
    public async Task Each_of_ten_mistakes_is_found_by_its_name()
    {
        foreach (var (command, wanted) in GuidedAccounts.Commands.TakeWhile(written => written.Command != Doctor))
        {
            var run = await _accounts.Run(command);
            run.ExitCode.ShouldBe(wanted, $"{command}\n{run.Output}\n{run.Error}");
        }

        var before = await Findings();
        await MakeMistakes();
        var found = await Findings();

        before.ShouldBeEmpty();
        foreach (
            var (check, text) in new[]
            {
                ("code-bucket", "2 buckets of account 111111111111, us-east-1 have the tag datomic:code: "),
                ("event-rules", "the rule deployer-dev-BuildEvents is DISABLED, so its events are not received"),
                ("forwarding-rule", "the rule deployer-dev has no target, so its events are not delivered"),
                ("event-bus", "the policy of the bus deployer-dev does not let account 111111111111 put events on it"),
                ("permissions deployer-dev-target", "deployer-dev-target may not codedeploy:BatchGetDeployments on "),
                ("permissions deployer-dev-build-inventory", "deployer-dev-build-inventory may not s3:GetBucketLocation on "),
                ("artifacts", $"deployer-dev-target of account {Target} cannot read s3://{Bucket}/artifacts/inventory/check: "),
                ("connection", "the connection acme is PENDING: "),
                (
                    "stack group",
                    "the template of inventory-dev imports datomic-old-VpcId, and no stack of 111111111111, us-east-1 exports it"
                ),
                (
                    "quotas",
                    "deployer-dev-target has 10 managed policies, by which each service and region has its access, and a role takes 10"
                ),
            }
        )
        {
            found.ShouldContain(
                result => result.Check == check && result.Text.StartsWith(text, StringComparison.Ordinal) && result.Remedy.Length > 0,
                $"{check}: {text}\n{string.Join('\n', found)}"
            );
        }
    }

    private async Task MakeMistakes()
    {
        await Change(
            Target,
            "deployer-inventory-dev",
            template =>
                template.Replace("- codedeploy:BatchGetDeployments\n", "- codedeploy:GetDeploymentConfig\n", StringComparison.Ordinal)
        );
        await Change(
            Tools,
            "deployer-inventory-dev-build",
            template => template.Replace("[s3:GetBucketAcl, s3:GetBucketLocation]", "s3:GetBucketAcl", StringComparison.Ordinal)
        );
        await _stacks.Create(
            Tools,
            "connection",
            "Resources: { C: { Type: AWS::CodeConnections::Connection, Properties: { ConnectionName: acme, ProviderType: GitHub } } }\n"
                + "Outputs: { Arn: { Value: !Ref C } }\n"
        );
        using var tools = _stacks.CloudFormation(Tools);
        var pending = (await tools.DescribeStacksAsync(new DescribeStacksRequest { StackName = "connection" })).Stacks[0];
        var connection = pending.Outputs[0].OutputValue;
        await Change(Tools, "deployer-dev", template: null, ("Connections", connection));
        await _accounts.Change(
            "deployer.yaml",
            text =>
                text.Replace(
                        "arn:aws:codeconnections:us-east-1:222222222222:connection/3f2504e0-4f89-41d3-9a0c-0305e82c3301",
                        connection,
                        StringComparison.Ordinal
                    )
                    .Replace("system: datomic-dev,", "system: datomic-old,", StringComparison.Ordinal)
        );
        using var ofTools = _stacks.Events(Tools);
        var rule = (await ofTools.ListRulesAsync(new ListRulesRequest { NamePrefix = "deployer-dev-BuildEvents" })).Rules.Single();
        await AdministratorStacks.Put(ofTools, rule, RuleState.DISABLED);
        var bus = await ofTools.DescribeEventBusAsync(new DescribeEventBusRequest { Name = "deployer-dev" });
        await ofTools.PutPermissionAsync(
            new PutPermissionRequest
            {
                EventBusName = "deployer-dev",
                Policy = bus.Policy.Replace(Target, "999999999999", StringComparison.Ordinal),
            }
        );
        using var ofTarget = _stacks.Events(Target);
        var targets = (await ofTarget.ListTargetsByRuleAsync(new ListTargetsByRuleRequest { Rule = "deployer-dev" })).Targets;
        await ofTarget.RemoveTargetsAsync(
            new RemoveTargetsRequest { Rule = "deployer-dev", Ids = [.. targets.Select(target => target.Id)] }
        );
        using var s3 = _accounts.Administrator(Tools).OpenS3();
        var policy = (await s3.GetBucketPolicyAsync(Bucket)).Policy;
        await s3.PutBucketPolicyAsync(Bucket, policy.Replace(Target, "999999999999", StringComparison.Ordinal));
        await _stacks.Create(
            Target,
            "policies",
            "Resources:\n"
                + string.Concat(
                    Enumerable
                        .Range(0, 9)
                        .Select(number =>
                            $$"""
                                  Policy{{number}}:
                                    Type: AWS::IAM::ManagedPolicy
                                    {{(number == 0 ? string.Empty : $"DependsOn: Policy{number - 1}")}}
                                    Properties:
                                      Roles: [deployer-dev-target]
                                      PolicyDocument:
                                        Version: "2012-10-17"
                                        Statement: [{ Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::other-{{number}}/*" }]

                                """
                        )
                )
        );
        await _stacks.Create(
            Target,
            "copied-bucket",
            """{"Resources":{"Code":{"Type":"AWS::S3::Bucket","Properties":{"Tags":[{"Key":"datomic:code","Value":"old"}]} } } }"""
        );
    }

    private async Task<IReadOnlyList<Found>> Findings()
    {
        // Reads of a moment ago may be old.
        await _stacks.CreateSlowly(Target, $"time-{++_times}");
        var run = await _accounts.Run($"{Doctor} --json -");
        run.ExitCode.ShouldBeOneOf(0, 1);
        return Found.Read(run.Output);
    }

    private async Task Change(string account, string stack, Func<string, string>? template, params (string Key, string Value)[] parameters)
    {
        using var cloudFormation = _stacks.CloudFormation(account);
        var present = (await cloudFormation.DescribeStacksAsync(new DescribeStacksRequest { StackName = stack })).Stacks[0];
        var body = (await cloudFormation.GetTemplateAsync(new GetTemplateRequest { StackName = stack })).TemplateBody;
        var changed = template?.Invoke(body);
        changed.ShouldNotBe(body);
        await _stacks.Update(account, stack, AdministratorStacks.With(present.Parameters, parameters), changed);
    }
}
