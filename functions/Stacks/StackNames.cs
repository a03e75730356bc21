using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Steps;
using Deployer.Spec.Faults;
using Deployer.Spec.Steps;
using Deployer.Spec.Templates;

namespace Deployer.Functions.Stacks;

/// <summary>The names that a change set gives to resources, in the stack and in those that are nested in it.</summary>
internal static class StackNames
{
    // Two clusters may have a service of one name each, and two event buses a rule.
    private static readonly string[] NotOfTheRegion = ["AWS::ECS::Service", "AWS::Events::Rule"];

    /// <summary>Refuses a change set that needs a name twice at once.</summary>
    /// <param name="run">The step.</param>
    /// <param name="present">The stack as it runs; <see langword="null"/> for a new one.</param>
    /// <param name="template">The template of the change set.</param>
    /// <param name="nested">Those of the nested stacks that it would make or change.</param>
    /// <param name="changes">Its changes, those of nested stacks among them.</param>
    /// <exception cref="Errors.SpecInvalidException">A name would be needed twice at once.</exception>
    public static async Task Check(
        StepRun run,
        Stack? present,
        ReviewedTemplate template,
        IReadOnlyList<NestedTemplate> nested,
        IReadOnlyList<PlacedChange> changes
    )
    {
        var names = new List<PlacedName>();
        foreach (var name in await Given(template, run.Text(run.Step<StackStep>().Template), present))
        {
            names.Add(new PlacedName(name.LogicalId, name));
        }

        foreach (var stack in nested)
        {
            foreach (var name in await Given(stack.Template, stack.File, present: null))
            {
                names.Add(new PlacedName($"{stack.Resource}/{name.LogicalId}", name));
            }
        }

        // Nothing else is there that is asked for: only what is made needs a name that another stack may have.
        var made = changes.Where(placed => placed.Change.Action == ChangeAction.Add).Select(placed => placed.Resource).ToHashSet();
        var others = names.Any(name => name.Name.Name is not null && made.Contains(name.Place))
            ? await Others(run, names.Select(name => name.Name.Type).Except(NotOfTheRegion).ToHashSet(StringComparer.Ordinal))
            : [];
        CustomNamedReplacements.Check(template.ChangeSet.StackName, names, changes, others);
    }

    /// <summary>The names of a template, and those that a macro such as a loop makes of it.</summary>
    private static async Task<IReadOnlyList<CustomName>> Given(ReviewedTemplate template, string file, Stack? present)
    {
        var written = Read(template.Original);
        if (!template.HasMacros)
        {
            return written;
        }

        var known = written.Select(name => name.LogicalId).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. written,
            // What is made stands nowhere in the file.
            .. Read(await template.Processed())
                .Where(name => !known.Contains(name.LogicalId))
                .Select(name => name with { Position = SourcePosition.StartOf(file) }),
        ];

        IReadOnlyList<CustomName> Read(string? text) =>
            text is null ? [] : CustomNames.Read(text, file, name => ChangeSetValues.ParameterAfter(present, template.ChangeSet, name));
    }

    /// <summary>
    /// The resources of the service's other stacks that nothing removes before this step: their steps run later, or not in this deployment.
    /// </summary>
    private static async Task<IReadOnlyList<HeldResource>> Others(StepRun run, HashSet<string> types)
    {
        var waves = run.Source.Graph(run.Deployment).Waves.Select(wave => wave.Select(step => step.Name).ToHashSet()).ToList();
        var own = waves.FindIndex(wave => wave.Contains(run.Name));
        var held = new List<HeldResource>();
        foreach (var step in run.Source.Spec.Steps.OfType<StackStep>().Where(step => step.Name != run.Name))
        {
            var wave = waves.FindIndex(names => names.Contains(step.Name));
            if ((wave >= 0 && wave <= own) || run.Released.GetValueOrDefault(step.Name) is not { } released)
            {
                continue;
            }

            if (await run.Account.CloudFormation.Find(released.Resource) is { } stack && stack.StackStatus != StackStatus.DELETE_COMPLETE)
            {
                held.AddRange(
                    (await run.Account.CloudFormation.Resources(stack.StackId))
                        .Where(resource => types.Contains(resource.ResourceType))
                        .Select(resource => new HeldResource(
                            step.Name,
                            stack.StackName,
                            resource.LogicalResourceId,
                            resource.ResourceType,
                            resource.PhysicalResourceId
                        ))
                );
            }
        }

        return held;
    }
}
