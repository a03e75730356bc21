using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Amazon.EventBridge;
using Amazon.EventBridge.Model;
using Deployer.Functions.Accounts;
using Parameter = Amazon.CloudFormation.Model.Parameter;

namespace Deployer.Cli.Tests.AwsAccounts;

/// <summary>What an administrator does with the stacks and rules of served accounts, waited for.</summary>
/// <param name="connect">Connects with an account as its administrator.</param>
internal sealed class AdministratorStacks(Func<string, AwsConnection> connect)
{
    public IAmazonCloudFormation CloudFormation(string account) =>
        connect(account)
            .Open((credentials, config) => new AmazonCloudFormationClient(credentials, config), new AmazonCloudFormationConfig());

    public IAmazonEventBridge Events(string account) =>
        connect(account).Open((credentials, config) => new AmazonEventBridgeClient(credentials, config), new AmazonEventBridgeConfig());

    public async Task Create(string account, string name, string template, IEnumerable<Parameter>? parameters = null)
    {
        using var cloudFormation = CloudFormation(account);
        await cloudFormation.CreateStackAsync(
            new CreateStackRequest
            {
                StackName = name,
                TemplateBody = template,
                Parameters = [.. parameters ?? []],
                Capabilities = ["CAPABILITY_NAMED_IAM"],
            }
        );
        await Settled(cloudFormation, name);
    }

    /// <summary>Updates a stack.</summary>
    /// <param name="account">The account.</param>
    /// <param name="name">The stack.</param>
    /// <param name="parameters">All of its parameters.</param>
    /// <param name="template">Another template; <see langword="null"/> for the one that it has.</param>
    public async Task Update(string account, string name, IEnumerable<Parameter> parameters, string? template)
    {
        using var cloudFormation = CloudFormation(account);
        await cloudFormation.UpdateStackAsync(
            new UpdateStackRequest
            {
                StackName = name,
                TemplateBody = template,
                UsePreviousTemplate = template is null,
                Parameters = [.. parameters],
                Capabilities = ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
            }
        );
        await Settled(cloudFormation, name);
    }

    public async Task Delete(string account, string name)
    {
        using var cloudFormation = CloudFormation(account);
        var stack = (await cloudFormation.DescribeStacksAsync(new DescribeStacksRequest { StackName = name })).Stacks[0].StackId;
        await cloudFormation.DeleteStackAsync(new DeleteStackRequest { StackName = name });
        await Settled(cloudFormation, stack);
    }

    /// <summary>
    /// Makes a stack whose chain of roles takes a minute of simulated time, so that every read shows what was changed before.
    /// </summary>
    public Task CreateSlowly(string account, string name) =>
        Create(
            account,
            name,
            "Resources:\n"
                + string.Concat(
                    Enumerable
                        .Range(0, 6)
                        .Select(role =>
                            $$"""
                                  Role{{role}}:
                                    Type: AWS::IAM::Role
                                    {{(role == 0 ? string.Empty : $"DependsOn: Role{role - 1}")}}
                                    Properties:
                                      AssumeRolePolicyDocument:
                                        Version: "2012-10-17"
                                        Statement: [{ Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: "sts:AssumeRole" }]

                                """
                        )
                )
        );

    /// <summary>A stack's parameters with other values for some.</summary>
    public static IEnumerable<Parameter> With(IEnumerable<Parameter> present, (string Key, string Value)[] others) =>
        present.Select(parameter =>
            others.FirstOrDefault(given => given.Key == parameter.ParameterKey) is { Key: { } key, Value: var value }
                ? new Parameter { ParameterKey = key, ParameterValue = value }
                : Kept(parameter)
        );

    /// <summary>A parameter that keeps its value.</summary>
    public static Parameter Kept(Parameter parameter) => new() { ParameterKey = parameter.ParameterKey, UsePreviousValue = true };

    /// <summary>Turns a rule on or off.</summary>
    public static Task Put(IAmazonEventBridge events, Rule rule, RuleState state) =>
        events.PutRuleAsync(
            new PutRuleRequest
            {
                Name = rule.Name,
                EventPattern = rule.EventPattern,
                State = state,
            }
        );

    /// <summary>Waits until what is done to a stack has ended.</summary>
    /// <param name="cloudFormation">The stack's account.</param>
    /// <param name="name">The stack, by its id where it is deleted.</param>
    /// <param name="end">How it has to end; <see langword="null"/> for success.</param>
    public static async Task Settled(IAmazonCloudFormation cloudFormation, string name, string? end = null)
    {
        while (true)
        {
            var stack = (await cloudFormation.DescribeStacksAsync(new DescribeStacksRequest { StackName = name })).Stacks[0];
            if (!stack.StackStatus.Value.Contains("IN_PROGRESS", StringComparison.Ordinal))
            {
                stack.StackStatus.Value.ShouldBeOneOf(end is null ? ["CREATE_COMPLETE", "UPDATE_COMPLETE", "DELETE_COMPLETE"] : [end]);
                return;
            }

            await Task.Delay(100);
        }
    }
}
