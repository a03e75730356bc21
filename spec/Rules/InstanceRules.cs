using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;
using Deployer.Spec.Steps;

namespace Deployer.Spec.Rules;

/// <summary>
/// A development instance touches nothing but what is its own: everything that it makes is named by its target, and it shares the
/// system.
/// </summary>
internal static class InstanceRules
{
    public static void Check(ServiceSpec spec, FaultList faults)
    {
        foreach (var target in spec.Targets)
        {
            if (target.Instances is not { } instances)
            {
                continue;
            }
            if (target.Approval is not null)
            {
                faults.Add(
                    instances.Position,
                    $"the target \"{target.Name}\" needs an approval and allows development instances",
                    "development instances in targets that need none"
                );
            }
            foreach (
                var other in spec.Targets.Where(other =>
                    other.Name.StartsWith(TargetSpec.NameOf(target.Name, string.Empty), StringComparison.Ordinal)
                )
            )
            {
                faults.Add(
                    other.Position,
                    $"the target \"{other.Name}\" is named like a development instance of the target \"{target.Name}\"",
                    $"a name that does not begin with \"{TargetSpec.NameOf(target.Name, string.Empty)}\""
                );
            }
            foreach (var named in instances.Steps)
            {
                CheckStep(spec, instances, named, faults);
            }
        }
    }

    /// <summary>
    /// A development instance has no stack and no path of another target or instance, however their names are put together.
    /// </summary>
    public static void CheckApart(ServiceSpec spec, TargetSpec instance, IEnumerable<TargetSpec> others, FaultList faults)
    {
        foreach (
            var other in others.Where(other =>
                other.Name != instance.Name && other.Account == instance.Account && other.Region == instance.Region
            )
        )
        {
            var taken = Owned(spec, other).ToDictionary(owned => owned.Value, owned => owned.Step);
            foreach (var (step, value) in Owned(spec, instance).Where(owned => taken.ContainsKey(owned.Value)))
            {
                faults.Add(
                    instance.Position,
                    $"\"{value}\" of the step \"{step}\" of \"{instance.Name}\" is that of the step \"{taken[value]}\" of \"{other.Name}\"",
                    "another name for the development instance"
                );
            }
        }
    }

    private static IEnumerable<(string Step, string Value)> Owned(ServiceSpec spec, TargetSpec target) =>
        spec
            .Steps.Where(step => target.Instance is null || target.Instances!.StepNames.Contains(step.Name))
            .SelectMany(step => step.OwnNames.Select(text => (step.Name, Value: StaticValue.In(spec, target, text))))
            .Where(owned => owned.Value is not null)
            .Select(owned => (owned.Name, owned.Value!))
            .DistinctBy(owned => owned.Item2);

    private static void CheckStep(ServiceSpec spec, InstancesSpec instances, NamedStep named, FaultList faults)
    {
        if (spec.Step(named.Name) is not { } step)
        {
            faults.Add(
                named.Position,
                $"the step \"{named.Name}\" does not exist",
                NearestName.Expectation(named.Name, [.. spec.Steps.Select(known => known.Name)])
            );
            return;
        }
        foreach (var used in step.UsedSteps.Except(instances.StepNames))
        {
            faults.Add(
                named.Position,
                $"the step \"{named.Name}\" uses an output of \"{used}\", which an instance does not have",
                $"\"{used}\" among the steps of the instances"
            );
        }
    }

    /// <summary>A text that names something of the instance has the instance's target in it.</summary>
    public static void CheckOwn(Expression? text, string what, NamedStep step, FaultList faults)
    {
        if (text is not null && !text.References.OfType<TargetName>().Any())
        {
            faults.Add(
                text.Position,
                $"{what} \"{text.Text}\" of the step \"{step.Name}\" is the same for every development instance",
                "${target} in it"
            );
        }
    }
}
