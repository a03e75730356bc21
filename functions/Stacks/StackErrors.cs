using Deployer.Functions.Errors;

namespace Deployer.Functions.Stacks;

/// <summary>What helps after each failure of a stack step.</summary>
internal static class StackErrors
{
    /// <summary>Each error with its remedy.</summary>
    public static IReadOnlyList<ErrorRemedy> Remedies { get; } =
    [
        new(nameof(StackFailedException), Remedy.RedriveOrCorrect),
        new(nameof(ExportInUseException), Remedy.Correct),
        new(nameof(DatomicRuleException), Remedy.Correct),
        new(nameof(OutputsNotPublishedException), Remedy.RedriveOrCorrect),
    ];
}

/// <summary>A stack's change set could not be created, or the stack did not reach a successful status.</summary>
public sealed class StackFailedException(string message) : DeployerException(message)
{
    /// <summary>
    /// What CloudFormation looked for outside the stack and did not find, where nothing else was wrong: another step may make it.
    /// </summary>
    public IReadOnlyList<string> MissingInputs { get; init; } = [];
}

/// <summary>A stack exports what other stacks import, and its update would remove or change that; nothing was executed.</summary>
public sealed class ExportInUseException(string message) : DeployerException(message);

/// <summary>What the step asks for breaks a rule of Datomic and could lose data or the system.</summary>
public sealed class DatomicRuleException(string message) : DeployerException(message);

/// <summary>A step's outputs could not be written to SSM parameters.</summary>
public sealed class OutputsNotPublishedException(string message) : DeployerException(message);
