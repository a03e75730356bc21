using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Bootstrap;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Functions.Accounts;

namespace Deployer.Cli.Init;

/// <summary>A query group of Datomic that runs in an account.</summary>
/// <param name="Account">The account.</param>
/// <param name="Region">The region.</param>
/// <param name="Stack">The stack's name.</param>
/// <param name="System">The Datomic system.</param>
/// <param name="Parameters">The stack's parameters, without those whose values are hidden.</param>
/// <param name="Template">The template, as it was made with.</param>
/// <param name="ToolsAccount">
/// The account of the deployer that finds a way into this one; <see langword="null"/> when there is none, or the stage is not known.
/// </param>
/// <param name="Access">How the account was entered.</param>
internal sealed record RunningGroup(
    string Account,
    string Region,
    string Stack,
    string System,
    IReadOnlyDictionary<string, string> Parameters,
    string Template,
    string? ToolsAccount,
    AwsSettings Access
)
{
    /// <summary>A parameter of Datomic's query group and compute templates, with the system's name.</summary>
    private const string SystemName = "SystemName";

    /// <summary>A value that CloudFormation hides (NoEcho).</summary>
    private const string Hidden = "****";

    /// <summary>Reads the query group of a name, or the only one.</summary>
    /// <param name="access">The account.</param>
    /// <param name="name">The stack's name; <see langword="null"/> for the only one.</param>
    /// <param name="system">The Datomic system; <see langword="null"/> for any.</param>
    /// <param name="stage">The deployer's stage, where it is known already.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="InvalidInputException">There is none, or there are several.</exception>
    public static async Task<RunningGroup> Read(
        AwsAccess access,
        string? name,
        string? system,
        string? stage,
        CancellationToken cancellation
    )
    {
        using var account = new AccountClients(access.Connection, access.Account);
        var cloudFormation = account.CloudFormation;
        var stacks = await Pages.All(
            next => cloudFormation.DescribeStacksAsync(new DescribeStacksRequest { NextToken = next }, cancellation),
            answer => answer.Stacks,
            answer => answer.NextToken
        );

        var groups = stacks
            .Where(stack => stack.StackStatus != StackStatus.DELETE_COMPLETE && IsComputeGroup(stack))
            .Select(stack =>
                (Stack: stack, System: stack.Parameters.Single(parameter => parameter.ParameterKey == SystemName).ParameterValue)
            )
            .ToList();
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
            template.TemplateBody,
            stage is null
                ? null
                : stacks
                    .Find(stack => stack.StackName == TargetStack.NameOf(stage))
                    ?.Parameters?.Find(parameter => parameter.ParameterKey == TargetStack.ToolsAccount)
                    ?.ParameterValue,
            access.Settings
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
