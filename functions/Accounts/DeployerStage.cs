namespace Deployer.Functions.Accounts;

/// <summary>The deployer of a stage, and what <c>template.yaml</c> names of it.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Account">Twelve digits: the tools account.</param>
/// <param name="Region">Its region.</param>
public sealed record DeployerStage(string Stage, string Account, string Region)
{
    private const string Prefix = "deployer-";

    /// <summary>Name of the DynamoDB table.</summary>
    public string Table => TableOf(Stage);

    /// <summary>Name of the bucket with sources, plans and answers of builds.</summary>
    public string Bucket => $"{Prefix}{Stage}-{Account}";

    /// <summary>Name of the table of a stage of the same account and region.</summary>
    public static string TableOf(string stage) => Prefix + stage;

    /// <summary>
    /// The stage whose deployer a target has, where none is named: the target's name up to its first dash. A stage has no dash, and what
    /// its deployer may touch begins with SERVICE-STAGE- (template.yaml, templates/service-access.yaml).
    /// </summary>
    /// <param name="target">The target's name, as deployer.yaml declares it.</param>
    public static string OfTarget(string target) => target.IndexOf('-') is var dash and > 0 ? target[..dash] : target;

    /// <summary>Name of a state machine.</summary>
    public string MachineName(DeployerMachine machine) => MachinePrefix(Stage) + Suffix(machine);

    /// <summary>ARN of a state machine.</summary>
    public string MachineArn(DeployerMachine machine) => $"arn:aws:states:{Region}:{Account}:stateMachine:{MachineName(machine)}";

    /// <summary>How the names of all state machines of a stage begin.</summary>
    public static string MachinePrefix(string stage) => $"{Prefix}{stage}-";

    /// <summary>Whether a state machine is one of a deployer, whatever its stage.</summary>
    /// <param name="machine">The name of the state machine.</param>
    public static bool IsMachine(string machine) => machine.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Whether it is the machine of plans, whatever its stage.</summary>
    /// <inheritdoc cref="IsMachine"/>
    public static bool IsPlanMachine(string machine) => machine.EndsWith('-' + Suffix(DeployerMachine.Plan), StringComparison.Ordinal);

    /// <summary>The stage whose machine it is; <see langword="null"/> for another machine.</summary>
    /// <param name="machine">The name of the state machine.</param>
    /// <param name="kind">Which of a stage's machines is meant.</param>
    public static string? StageOf(string machine, DeployerMachine kind)
    {
        var end = '-' + Suffix(kind);
        return machine.Length > Prefix.Length + end.Length && IsMachine(machine) && machine.EndsWith(end, StringComparison.Ordinal)
            ? machine[Prefix.Length..^end.Length]
            : null;
    }

    /// <summary>ARN of an execution of a state machine.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="name">The execution's name.</param>
    public string ExecutionArn(DeployerMachine machine, string name) =>
        $"arn:aws:states:{Region}:{Account}:execution:{MachineName(machine)}:{name}";

    /// <summary>The settings of whoever works with the stage's records from outside of its functions.</summary>
    /// <param name="allowedTargets">Account ids that are deployed to.</param>
    public Settings Settings(params IEnumerable<string> allowedTargets) =>
        new(Stage, Table, Bucket, MachineArn(DeployerMachine.Deploy), string.Empty, allowedTargets.ToHashSet()) { Region = Region };

    private static string Suffix(DeployerMachine machine) => machine == DeployerMachine.Plan ? "plan" : "deploy";
}

/// <summary>The deployer's state machines, one file each in <c>statemachines/</c>.</summary>
public enum DeployerMachine
{
    /// <summary>Deploys.</summary>
    Deploy,

    /// <summary>Finds out what a deployment would do.</summary>
    Plan,
}
