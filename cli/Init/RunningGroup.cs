using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Output;

namespace Deployer.Cli.Init;

/// <summary>A query group of Datomic that runs in an account.</summary>
/// <param name="Account">The account.</param>
/// <param name="Region">The region.</param>
/// <param name="Stack">The stack's name.</param>
/// <param name="System">The Datomic system.</param>
/// <param name="Parameters">The stack's parameters, without those whose values are hidden.</param>
/// <param name="Template">The template, as it was made with.</param>
internal sealed record RunningGroup(
    string Account,
    string Region,
    string Stack,
    string System,
    IReadOnlyDictionary<string, string> Parameters,
    string Template
)
{
    /// <summary>A parameter of Datomic's query group and compute templates, with the system's name.</summary>
    private const string SystemName = "SystemName";

    /// <summary>A value that CloudFormation hides (NoEcho).</summary>
    private const string Hidden = "****";

    /// <summary>Reads the query group of a name, or the only one.</summary>
    /// <exception cref="InvalidInputException">There is none, or there are several.</exception>
    public static async Task<RunningGroup> Read(AwsAccess access, string? name, string? system, CancellationToken cancellation)
    {
        using var cloudFormation = access.Connection.Open(
            (credentials, config) => new AmazonCloudFormationClient(credentials, config),
            new AmazonCloudFormationConfig()
        );
        var groups = new List<(Stack Stack, string System)>();
        string? token = null;
        do
        {
            var page = await cloudFormation.DescribeStacksAsync(new DescribeStacksRequest { NextToken = token }, cancellation);
            groups.AddRange(
                (page.Stacks ?? [])
                    .Where(stack => stack.StackStatus != StackStatus.DELETE_COMPLETE && IsComputeGroup(stack))
                    .Select(stack => (stack, stack.Parameters.Single(parameter => parameter.ParameterKey == SystemName).ParameterValue))
            );
            token = page.NextToken;
        } while (!string.IsNullOrEmpty(token));
        var found = groups
            .Where(group => (name is null || group.Stack.StackName == name) && (system is null || group.System == system))
            .ToList();
        if (found is not [var (running, ofSystem)])
        {
            throw new InvalidInputException(
                "GroupUnknown",
                found.Count == 0
                    ? $"account {access.Account} has no such compute group in {access.Region}; "
                        + (groups.Count == 0 ? "it has none at all" : $"expected --group of {Names(groups)}")
                    : $"account {access.Account} has several compute groups in {access.Region}; expected --group of {Names(found)}"
            );
        }

        var template = await cloudFormation.GetTemplateAsync(
            new GetTemplateRequest { StackName = running.StackName, TemplateStage = TemplateStage.Original },
            cancellation
        );
        return new RunningGroup(
            access.Account,
            access.Region,
            running.StackName,
            ofSystem,
            running
                .Parameters.Where(parameter => parameter.ParameterValue != Hidden)
                .ToDictionary(parameter => parameter.ParameterKey, parameter => parameter.ParameterValue, StringComparer.Ordinal),
            template.TemplateBody
        );
    }

    /// <summary>A primary group has the same parameters as a query group: which one is meant is for a person to say.</summary>
    private static bool IsComputeGroup(Stack stack) =>
        stack.Parameters is { } parameters
        && parameters.Exists(parameter => parameter.ParameterKey == SystemName)
        && parameters.Exists(parameter => parameter.ParameterKey == "Ions");

    private static string Names(List<(Stack Stack, string System)> groups) =>
        string.Join(", ", groups.Select(group => group.Stack.StackName).Order(StringComparer.Ordinal));
}
