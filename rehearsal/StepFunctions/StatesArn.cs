using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.StepFunctions;

/// <summary>The ARNs of Step Functions. Source:
/// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html.</summary>
public static class StatesArn
{
    /// <summary>The ARN of a machine.</summary>
    public static string Machine(string account, string region, string name) => $"arn:aws:states:{region}:{account}:stateMachine:{name}";

    /// <summary>The ARN of an activity.</summary>
    public static string Activity(string account, string region, string name) => $"arn:aws:states:{region}:{account}:activity:{name}";

    /// <summary>The ARN of a machine's execution.</summary>
    public static string Execution(string machineArn, string name) =>
        $"{machineArn.Replace(":stateMachine:", ":execution:", StringComparison.Ordinal)}:{name}";

    /// <summary>The region of an ARN of Step Functions.</summary>
    public static string Region(string arn) => arn.Split(':')[3];

    /// <summary>The account of an ARN of Step Functions.</summary>
    public static string Account(string arn) => Api.ArnAccount(arn) ?? throw new ArgumentException($"{arn} has no account", nameof(arn));

    /// <summary>What follows the resource's type.</summary>
    public static string Name(string arn) => arn[(arn.LastIndexOf(':') + 1)..];
}
