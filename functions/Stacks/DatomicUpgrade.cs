using Amazon.CloudFormation.Model;
using Deployer.Spec.Datomic;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Stacks;

/// <summary>
/// Datomic's rules where they need the stack that runs already: no downgrade, no other application or system, storage with its restart.
/// For plain stacks nothing of it holds. https://docs.datomic.com/operation/upgrading.html
/// </summary>
/// <param name="step">The step.</param>
/// <param name="present">The stack as it runs; <see langword="null"/> for a new one.</param>
internal sealed class DatomicUpgrade(StackStep step, Stack? present)
{
    private static readonly string[] Immutable = ["SystemName", "ApplicationName"];

    private DatomicRelease? Running => present is null ? null : DatomicRelease.OfOutputs(present.OutputValues());

    /// <summary>Refuses what would lose something.</summary>
    /// <param name="wanted">The release of the template, as far as it is known.</param>
    /// <param name="given">The parameters that the step gives.</param>
    /// <exception cref="DatomicRuleException">A rule does not hold.</exception>
    public void Check(DatomicRelease? wanted, IReadOnlyDictionary<string, string> given)
    {
        if (step.StackKind == StackKind.Plain || present is null)
        {
            return;
        }

        if (wanted is not null && Running is { } running && wanted.CompareTo(running) < 0)
        {
            throw new DatomicRuleException(
                $"{step.Template.Position}: stack {present.StackName} runs release {running}; the template is of "
                    + $"the older release {wanted}; Datomic is never downgraded without its support"
            );
        }

        foreach (var parameter in (present.Parameters ?? []).Where(parameter => Immutable.Contains(parameter.ParameterKey)))
        {
            if (given.TryGetValue(parameter.ParameterKey, out var value) && value != parameter.ParameterValue)
            {
                throw new DatomicRuleException(
                    $"{step.Parameters[parameter.ParameterKey].Position}: {parameter.ParameterKey} of stack "
                        + $"{present.StackName} is '{parameter.ParameterValue}' and cannot become '{value}'"
                );
            }
        }
    }

    /// <summary>What somebody has to know before the stack is upgraded, a sentence each.</summary>
    /// <param name="wanted">The release of the template, as far as it is known.</param>
    public IEnumerable<string> Notices(DatomicRelease? wanted)
    {
        if (step.StackKind == StackKind.Plain || present is null)
        {
            return [];
        }

        return (Running, wanted) switch
        {
            (null, _) => [$"stack {present.StackName} does not say which release of Datomic it runs; a downgrade cannot be ruled out"],
            (_, null) => [$"the template of step '{step.Name}' does not say its release of Datomic; a downgrade cannot be ruled out"],
            var (running, release) => DatomicNotice
                .Between(running, release)
                .Select(notice => $"Datomic {notice.Release}: {notice.Text} ({DatomicNotice.Source})"),
        };
    }
}
