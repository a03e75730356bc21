using System.Text.RegularExpressions;
using Deployer.Cli.Output;

namespace Deployer.Cli.AwsAccounts;

/// <summary>An execution of a deployer, as its ARN names it: account, region and stage.</summary>
internal sealed partial record DeployerExecution(string Arn, string Region, string Account, string Stage)
{
    /// <summary>Reads the ARN of a deployment.</summary>
    /// <exception cref="InvalidInputException">It is none.</exception>
    public static DeployerExecution Parse(string arn) =>
        Read(arn, "deploy")
        ?? throw new InvalidInputException(
            "ExecutionInvalid",
            $"'{arn}' is not an execution of a deployer; expected arn:aws:states:REGION:ACCOUNT:execution:deployer-STAGE-deploy:NAME, "
                + "as the result of its deployment and 'deployer history' have it"
        );

    /// <summary>Reads the ARN of a plan.</summary>
    /// <exception cref="InvalidInputException">It is none.</exception>
    public static DeployerExecution ParsePlan(string arn) =>
        Read(arn, "plan")
        ?? throw new InvalidInputException(
            "PlanInvalid",
            $"'{arn}' is not a plan of a deployer; expected arn:aws:states:REGION:ACCOUNT:execution:deployer-STAGE-plan:NAME, "
                + "as 'deployer plan' and the result of 'deployer deploy' have it, or its NAME"
        );

    /// <summary>Whether a text is the name of an execution alone, which is a plan's id.</summary>
    public static bool IsId(string text) => Id().IsMatch(text);

    private static DeployerExecution? Read(string arn, string machine) =>
        Form().Match(arn) is { Success: true } found && found.Groups["machine"].Value == machine
            ? new DeployerExecution(arn, found.Groups["region"].Value, found.Groups["account"].Value, found.Groups["stage"].Value)
            : null;

    // https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,80}\z")]
    private static partial Regex Id();

    [GeneratedRegex(
        "^arn:aws:states:(?<region>[a-z0-9-]+):(?<account>[0-9]{12}):execution:"
            + "deployer-(?<stage>[A-Za-z0-9-]+)-(?<machine>deploy|plan):[^:]+$"
    )]
    private static partial Regex Form();
}
