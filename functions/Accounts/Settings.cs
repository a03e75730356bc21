namespace Deployer.Functions.Accounts;

/// <summary>What <c>template.yaml</c> gives the functions through their environment.</summary>
/// <param name="Stage">The deployer's stage.</param>
/// <param name="Table">Name of the DynamoDB table.</param>
/// <param name="Bucket">Name of the bucket with sources, plans and answers of builds.</param>
/// <param name="StateMachine">ARN of the machine <c>deploy</c>; empty for functions that do not need it.</param>
/// <param name="BuildProject">Name of the CodeBuild project that runs ion-dev; empty for functions that do not need it.</param>
/// <param name="AllowedTargets">Account ids that this stage may deploy to.</param>
public sealed record Settings(
    string Stage,
    string Table,
    string Bucket,
    string StateMachine,
    string BuildProject,
    IReadOnlySet<string> AllowedTargets
)
{
    /// <summary>The stage that this one promotes from; empty when there is none, and for functions that do not need it.</summary>
    public string EarlierStage { get; init; } = string.Empty;

    /// <summary>Name of the table of <see cref="EarlierStage"/>.</summary>
    public string EarlierTable => DeployerStage.TableOf(EarlierStage);

    /// <summary>The deployer's own region, in which its bucket lies.</summary>
    public string Region { get; init; } = string.Empty;

    /// <summary>
    /// What the roles of target accounts outside of the organisation ask for as <c>sts:ExternalId</c>; null where none of them asks.
    /// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
    /// </summary>
    public string? ExternalId { get; init; }

    /// <summary>
    /// How the ARNs of the roles begin that the builds of one service have, up to the service's name; empty where the builds of all
    /// services share the role of the project, and for functions that do not need it.
    /// </summary>
    public string BuildRoles { get; init; } = string.Empty;

    /// <summary>ARN of the topic of notifications; empty for functions that do not need it.</summary>
    public string Topic { get; init; } = string.Empty;

    /// <summary>ARN of the key that the topic of notifications is encrypted with; empty for functions that do not ask for it.</summary>
    public string TopicKey { get; init; } = string.Empty;

    /// <summary>ARNs of the rules by which the deployer hears of events; none for functions that do not need them.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Reads the settings from environment variables.</summary>
    /// <exception cref="InvalidOperationException">A variable that every function has is missing.</exception>
    public static Settings From(Func<string, string?> variable)
    {
        return new Settings(
            Required("DEPLOYER_STAGE"),
            Required("DEPLOYER_TABLE"),
            Required("DEPLOYER_BUCKET"),
            variable("DEPLOYER_STATE_MACHINE") ?? string.Empty,
            variable("DEPLOYER_BUILD_PROJECT") ?? string.Empty,
            Listed("DEPLOYER_ALLOWED_TARGETS").ToHashSet()
        )
        {
            EarlierStage = variable("DEPLOYER_EARLIER_STAGE") ?? string.Empty,
            BuildRoles = variable("DEPLOYER_BUILD_ROLES") ?? string.Empty,
            Topic = variable("DEPLOYER_TOPIC") ?? string.Empty,
            TopicKey = variable("DEPLOYER_TOPIC_KEY") ?? string.Empty,
            Rules = Listed("DEPLOYER_RULES"),
            Region = variable("AWS_REGION") ?? string.Empty,
            ExternalId = variable("DEPLOYER_EXTERNAL_ID") is { Length: > 0 } externalId ? externalId : null,
        };

        string[] Listed(string name) =>
            (variable(name) ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        string Required(string name) =>
            variable(name) is { Length: > 0 } value
                ? value
                : throw new InvalidOperationException($"the environment variable {name} is missing");
    }

    /// <summary>ARN of a state machine of this stage: <see cref="StateMachine"/>, or the one beside it.</summary>
    public string MachineArn(DeployerMachine machine) =>
        machine == DeployerMachine.Deploy
            ? StateMachine
            : StateMachine[..(StateMachine.LastIndexOf(':') + 1)] + new DeployerStage(Stage, string.Empty, Region).MachineName(machine);

    /// <summary>How the ARNs of the executions of a state machine of this stage begin.</summary>
    public string ExecutionPrefix(DeployerMachine machine) =>
        MachineArn(machine).Replace(":stateMachine:", ":execution:", StringComparison.Ordinal) + ':';

    /// <summary>The role that the functions assume in a target account.</summary>
    public string TargetRole(string account) => $"arn:aws:iam::{account}:role/deployer-{Stage}-target";

    /// <summary>The role that the build assumes in a target account to run ion-dev.</summary>
    public string IonsRole(string account) => $"arn:aws:iam::{account}:role/deployer-{Stage}-ions";

    /// <summary>ARN of the role of a service's builds; <see langword="null"/> where they have that of the project.</summary>
    public string? BuildRole(string service) => BuildRoles.Length == 0 ? null : BuildRoles + service;

    /// <summary>The role that CloudFormation in a target account works with.</summary>
    public string CloudFormationRole(string account) => $"arn:aws:iam::{account}:role/deployer-{Stage}-cloudformation";
}
