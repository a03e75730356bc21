using Deployer.Functions.Accounts;
using Deployer.Functions.Ledger;
using Deployer.Spec;
using Deployer.Spec.Expressions;

namespace Deployer.Functions.Steps;

/// <summary>One run of all checks for a service and its target.</summary>
/// <param name="id">The run's own id: letters, digits and dashes.</param>
/// <param name="source">The service's folder and file.</param>
/// <param name="target">The target, or a development instance as one.</param>
/// <param name="toolsAccount">The deployer's own account.</param>
public sealed class CheckRun(string id, ServiceSource source, TargetSpec target, string toolsAccount) : IDisposable
{
    /// <summary>What stands for the folder where nobody has said it.</summary>
    public const string AnyFolder = "SERVICE";

    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _outputs = new(StringComparer.Ordinal);

    /// <summary>The run's own id.</summary>
    public string Id { get; } = id;

    /// <summary>The service's folder and file.</summary>
    public ServiceSource Source { get; } = source;

    /// <summary>The service's folder as commands name it.</summary>
    public string Folder { get; init; } = AnyFolder;

    /// <summary>The target.</summary>
    public TargetSpec Target { get; } = target;

    /// <summary>The deployer's own account.</summary>
    public string ToolsAccount { get; } = toolsAccount;

    /// <summary>
    /// The parameters of the stack of <c>templates/service-access.yaml</c> as it is installed, which name what it grants; empty where it is
    /// not there.
    /// </summary>
    public IReadOnlyDictionary<string, string> Access { get; set; } = new Dictionary<string, string>();

    /// <summary>
    /// A name that the service's access grants: the one that its parameter names, where a <c>*</c> at the end stands for several.
    /// </summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="otherwise">What it grants where that is empty, or where the stack is not there.</param>
    public string Granted(string parameter, string otherwise) =>
        Access.GetValueOrDefault(parameter) is { Length: > 0 } given
            ? given.EndsWith('*')
                ? given[..^1] + "check"
                : given
            : otherwise;

    /// <summary>Clients of the target's account; none where it cannot be entered.</summary>
    public TargetAccount? Entered { get; set; }

    /// <summary>Clients of the target's account.</summary>
    /// <exception cref="InvalidOperationException">It could not be entered.</exception>
    public TargetAccount Account => Entered ?? throw new InvalidOperationException("the target's account was not entered");

    /// <summary>Notes the outputs that a step's resources have as they run.</summary>
    public void Note(string step, IReadOnlyDictionary<string, string> outputs) => _outputs[step] = outputs;

    /// <summary>Whether what a step makes is there: its outputs were noted.</summary>
    public bool IsThere(string step) => _outputs.ContainsKey(step);

    /// <summary>The text of an expression by what runs now; <see langword="null"/> where that does not say it.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="revision">What stands for the commit that is deployed; <see langword="null"/> where it is not known.</param>
    public string? Text(Expression expression, string? revision = null) =>
        expression
            .Evaluate(
                Source.Spec.Resolver(
                    Target,
                    output => _outputs.GetValueOrDefault(output.Step)?.GetValueOrDefault(output.Output),
                    dns: null,
                    revision
                )
            )
            .Value;

    /// <inheritdoc/>
    public void Dispose()
    {
        Entered?.Dispose();
        Source.Dispose();
    }
}
