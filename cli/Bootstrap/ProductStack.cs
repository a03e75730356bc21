using Amazon.CloudFormation.Model;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Deployments;
using Deployer.Cli.Output;
using Deployer.Cli.Progress;

namespace Deployer.Cli.Bootstrap;

/// <summary>One of the stacks of the product, for a stage of the deployer.</summary>
/// <param name="name">The stack's name.</param>
/// <param name="stage">The deployer's stage.</param>
internal abstract class ProductStack(string name, string stage)
{
    /// <summary>What CloudFormation wants to be allowed for roles that have names.</summary>
    protected const string NamedRoles = "CAPABILITY_NAMED_IAM";

    /// <summary>The stack's name.</summary>
    public string Name => name;

    /// <summary>The deployer's stage.</summary>
    public string Stage => stage;

    /// <summary>The words of a command line that say which stack is meant.</summary>
    public abstract IReadOnlyList<string> Words { get; }

    /// <summary>What the stack's deletion means, a sentence.</summary>
    /// <param name="present">The stack as it is.</param>
    public abstract string Consequence(Stack present);

    /// <summary>What the resources hold that the template retains, by their logical ids.</summary>
    public virtual IReadOnlyDictionary<string, string> Retained { get; } = new Dictionary<string, string>();

    /// <summary>Refuses an account that the stack does not belong to.</summary>
    /// <exception cref="InvalidInputException">It does not.</exception>
    public virtual void CheckAccount(AwsAccess access) { }

    /// <summary>The template, where it lies, and its parameters.</summary>
    /// <param name="access">The account that the stack is in.</param>
    /// <param name="present">The stack as it is; <see langword="null"/> when there is none.</param>
    /// <param name="given">The parameters that the command line names, which go before all others.</param>
    /// <param name="progress">Where progress is shown.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="InvalidInputException">A new stack needs something that the command line does not say.</exception>
    public abstract Task<StackOrder> Order(
        AwsAccess access,
        Stack? present,
        IReadOnlyDictionary<string, string> given,
        IProgressView progress,
        CancellationToken cancellation
    );

    /// <summary>What runs by the stack while it is updated.</summary>
    /// <param name="access">The account that the stack is in.</param>
    /// <param name="cancellation">Ends reading.</param>
    public virtual Task<RunningExecutions> Running(AwsAccess access, CancellationToken cancellation) =>
        Task.FromResult(new RunningExecutions([]));

    /// <summary>What comes after the stack, as commands that can be copied.</summary>
    /// <param name="program">How this program is called.</param>
    /// <param name="access">The account that the stack is in.</param>
    /// <param name="installed">The stack as it is now.</param>
    /// <param name="installation">Finds other stacks of the account.</param>
    public abstract Task<IReadOnlyList<NextStep>> Next(string program, AwsAccess access, Stack installed, StackInstallation installation);

    /// <summary>What has to go before CloudFormation can delete the stack, as commands that can be copied.</summary>
    /// <param name="program">How this program is called.</param>
    /// <param name="attachments">Finds what is attached to the stack's roles and policies.</param>
    /// <param name="present">The stack as it is.</param>
    public virtual Task<IReadOnlyList<NextStep>> Before(string program, StackAttachments attachments, Stack present) =>
        attachments.OfRoles(program, present);

    /// <summary>How what its template retains is deleted where the stack is gone, as commands that can be copied.</summary>
    /// <param name="access">The account that the stack was in.</param>
    /// <param name="cancellation">Ends looking.</param>
    public virtual Task<IReadOnlyList<NextStep>> AfterTeardown(AwsAccess access, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<NextStep>>([]);

    /// <summary>What comes after a failure.</summary>
    /// <param name="program">How this program is called.</param>
    /// <param name="access">The account that the stack is in.</param>
    /// <param name="isLeft">Whether what is left of the stack has to be deleted, since it was never made.</param>
    public NextStep AfterFailure(string program, AwsAccess access, bool isLeft) =>
        isLeft
            ? new NextStep(
                "Correct the cause, delete what is left of the stack, then run the same command again:",
                ShellWords.Join([program, "teardown", .. Words, .. access.Settings.Words])
            )
            : new NextStep("Correct the cause, then run the same command again.");

    /// <summary>The value of a parameter of a stack; <see langword="null"/> where it has none.</summary>
    internal static string? Parameter(Stack? stack, string parameter) =>
        stack?.Parameters?.Find(known => known.ParameterKey == parameter)?.ParameterValue;

    /// <summary>The parameters to give: the stage, what this stack knows, and what the command line names, which goes first.</summary>
    protected Dictionary<string, string> Parameters(
        IReadOnlyDictionary<string, string> given,
        params IEnumerable<(string Name, string? Value)> known
    )
    {
        var parameters = new Dictionary<string, string>(given, StringComparer.Ordinal);
        parameters.TryAdd("Stage", stage);
        foreach (var (parameter, value) in known)
        {
            if (value is not null)
            {
                parameters.TryAdd(parameter, value);
            }
        }

        return parameters;
    }

    /// <summary>Refuses a new stack without a parameter that has no default.</summary>
    /// <exception cref="InvalidInputException">The stack is new, and the parameter is missing.</exception>
    protected static void Require(Stack? present, Dictionary<string, string> parameters, string parameter, string missing)
    {
        if (present is null && !parameters.ContainsKey(parameter))
        {
            throw new InvalidInputException("OptionsInvalid", missing);
        }
    }
}
