using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Checks;

/// <summary>The stacks that install the deployer: that they are there, how they stand, and whom their parameters name.</summary>
public sealed class InstalledStacksCheck(Settings settings, AwsConnection connection) : ICheck
{
    private const string DeployerStack = "deployer-stack";
    private const string TargetStack = "target-stack";
    private const string ServiceAccess = "service-access";

    /// <inheritdoc/>
    public string Name => "installed-stacks";

    /// <inheritdoc/>
    public bool NeedsTarget => false;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckResult>> Run(CheckRun run)
    {
        using var tools = connection.OpenCloudFormation();
        var results = new List<CheckResult>
        {
            await CheckStack(tools, new Installed(DeployerStack, $"deployer-{settings.Stage}", $"tools --stage {settings.Stage}", [])),
        };
        if (run.Entered is { } account)
        {
            var from = $"--tools-account {run.ToolsAccount}";
            var service = run.Source.Spec.Service;
            results.Add(
                await CheckStack(
                    account.CloudFormation,
                    new Installed(
                        TargetStack,
                        $"deployer-target-{settings.Stage}",
                        $"target --stage {settings.Stage} {from}",
                        [("ToolsAccount", run.ToolsAccount), ("ToolsRegion", settings.Region)]
                    )
                )
            );
            results.Add(
                await CheckStack(
                    account.CloudFormation,
                    new Installed(
                        ServiceAccess,
                        $"deployer-{service}-{settings.Stage}",
                        $"service {run.Folder} --target {run.Target.Declared} {from}",
                        [("ToolsAccount", run.ToolsAccount), ("Service", service)]
                    ),
                    stack =>
                        run.Access = (stack.Parameters ?? []).ToDictionary(
                            given => given.ParameterKey,
                            given => given.ParameterValue,
                            StringComparer.Ordinal
                        )
                )
            );
        }

        return results;
    }

    private static async Task<CheckResult> CheckStack(IAmazonCloudFormation cloudFormation, Installed installed, Action<Stack>? note = null)
    {
        var bootstrap = $"make or update it: deployer bootstrap {installed.Bootstrap}";
        if (await cloudFormation.Find(installed.Stack) is not { } stack)
        {
            return CheckResult.Problem(installed.Check, $"there is no stack {installed.Stack}", bootstrap);
        }

        note?.Invoke(stack);
        var others = installed
            .Parameters.Where(wanted => Given(stack, wanted.Name) != wanted.Value)
            .Select(wanted => $"{wanted.Name} is '{Given(stack, wanted.Name)}' instead of '{wanted.Value}'")
            .ToList();
        return others.Count > 0 ? CheckResult.Problem(installed.Check, $"stack {installed.Stack}: {string.Join(", ", others)}", bootstrap)
            : stack.StackStatus.Ended == StackEnd.Succeeded
                ? CheckResult.Ok(installed.Check, $"stack {installed.Stack}: {stack.StackStatus}")
            : CheckResult.Problem(
                installed.Check,
                $"stack {installed.Stack} is {stack.StackStatus}{(stack.StackStatusReason is { } why ? $": {why}" : string.Empty)}",
                bootstrap
            );
    }

    private static string? Given(Stack stack, string parameter) =>
        stack.Parameters?.Find(given => given.ParameterKey == parameter)?.ParameterValue;

    private sealed record Installed(string Check, string Stack, string Bootstrap, IReadOnlyList<(string Name, string Value)> Parameters);
}
