namespace Deployer.Functions.Stacks;

/// <summary>
/// The two reasons with which CloudFormation says that a failed change set has nothing to change: the plain one and the
/// one of templates with a transform (research: AWS CDK's diagnoser, rain, ADF). An empty list of changes proves nothing.
/// </summary>
public static class ChangeSetReasons
{
    /// <summary>Whether a failed change set failed for want of changes.</summary>
    public static bool IsNothingToDo(string? reason) =>
        reason is not null
        && (reason.StartsWith("The submitted information didn't contain changes.", StringComparison.Ordinal)
            || reason.StartsWith("No updates are to be performed", StringComparison.Ordinal));
}
