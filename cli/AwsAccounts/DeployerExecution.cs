using System.Text.RegularExpressions;
using Deployer.Cli.Output;

namespace Deployer.Cli.AwsAccounts;

/// <summary>An execution of a deployer, as its ARN names it: account, region and stage.</summary>
internal sealed partial record DeployerExecution(string Arn, string Region, string Account, string Stage)
{
    /// <summary>Reads an ARN.</summary>
    /// <exception cref="InvalidInputException">It is none of an execution of a deployer.</exception>
    public static DeployerExecution Parse(string arn) =>
        Form().Match(arn) is { Success: true } found
            ? new DeployerExecution(arn, found.Groups["region"].Value, found.Groups["account"].Value, found.Groups["stage"].Value)
            : throw new InvalidInputException(
                "ExecutionInvalid",
                $"'{arn}' is not an execution of a deployer; expected arn:aws:states:REGION:ACCOUNT:execution:deployer-STAGE-deploy:NAME, "
                    + "as the result of its deployment and 'deployer history' have it"
            );

    /// <summary>Reads the ARN of a plan.</summary>
    /// <exception cref="InvalidInputException">It is none.</exception>
    public static DeployerExecution ParsePlan(string arn) =>
        PlanForm().Match(arn) is { Success: true } found
            ? new DeployerExecution(arn, found.Groups["region"].Value, found.Groups["account"].Value, found.Groups["stage"].Value)
            : throw new InvalidInputException(
                "PlanInvalid",
                $"'{arn}' is not a plan of a deployer; expected arn:aws:states:REGION:ACCOUNT:execution:deployer-STAGE-plan:NAME, "
                    + "as 'deployer plan' and the result of 'deployer deploy' have it"
            );

    [GeneratedRegex("^arn:aws:states:(?<region>[a-z0-9-]+):(?<account>[0-9]{12}):execution:deployer-(?<stage>[A-Za-z0-9-]+)-plan:[^:]+$")]
    private static partial Regex PlanForm();

    [GeneratedRegex("^arn:aws:states:(?<region>[a-z0-9-]+):(?<account>[0-9]{12}):execution:deployer-(?<stage>[A-Za-z0-9-]+)-deploy:[^:]+$")]
    private static partial Regex Form();
}
