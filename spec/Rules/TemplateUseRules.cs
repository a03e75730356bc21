using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;
using Deployer.Spec.Steps;
using Deployer.Spec.Templates;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Rules;

/// <summary>What deployer.yaml gives to a template and uses of it, compared with what the template takes and gives.</summary>
internal static class TemplateUseRules
{
    /// <param name="spec">The service.</param>
    /// <param name="stack">The step whose template it is.</param>
    /// <param name="template">The template in words: its path.</param>
    /// <param name="outline">What it says.</param>
    /// <param name="faults">Receives what does not fit.</param>
    public static void Check(ServiceSpec spec, StackStep stack, string template, TemplateOutline outline, FaultList faults)
    {
        if (outline.Parameters is { } parameters)
        {
            CheckParameters(spec, stack, template, parameters, faults);
        }
        if (outline.Outputs is { } outputs)
        {
            CheckOutputs(spec, stack, template, outputs, outline.Root, faults);
        }
        MappingUseRules.Check(spec, stack, outline.Root, faults);
        TransactorTemplateRules.Check(spec, stack, outline.Root, faults);
        TaskDefinitionTemplateRules.Check(spec, stack, outline.Root, faults);
        CheckConditions(spec, stack, outline.Root, faults);
        CapabilityRules.Check(stack, template, outline.Root, faults);
    }

    private static void CheckParameters(
        ServiceSpec spec,
        StackStep stack,
        string template,
        IReadOnlyList<TemplateParameter> parameters,
        FaultList faults
    )
    {
        var names = parameters.Select(parameter => parameter.Name).ToList();
        foreach (var (name, value) in stack.Parameters)
        {
            if (parameters.FirstOrDefault(parameter => parameter.Name == name) is not { } declared)
            {
                faults.Add(value.Position, $"the parameter \"{name}\" is not in {template}", NearestName.Expectation(name, names));
                continue;
            }
            foreach (var target in spec.Targets)
            {
                if (value.Evaluate(spec.Resolver(target)).Value is { } known)
                {
                    var where = known == value.Text ? string.Empty : $" in the target \"{target.Name}\"";
                    declared.Check(known, value.Position, where, faults);
                }
            }
        }
        foreach (var parameter in parameters.Where(parameter => !stack.Parameters.ContainsKey(parameter.Name)))
        {
            parameter.CheckDefault(stack.Name, faults);
        }
        // A stack that exists keeps its value, so that the file alone does not show whether one is missing.
        foreach (var parameter in parameters.Where(parameter => !parameter.HasDefault && !stack.Parameters.ContainsKey(parameter.Name)))
        {
            faults.AddNotice(
                stack.Position,
                $"the parameter \"{parameter.Name}\" of {template} has no default, and the step \"{stack.Name}\" gives it no value: "
                    + "only a stack that has one already can be updated"
            );
        }
    }

    private static void CheckOutputs(
        ServiceSpec spec,
        StackStep stack,
        string template,
        IReadOnlyList<TemplateOutput> outputs,
        YamlNode root,
        FaultList faults
    )
    {
        var names = outputs.Select(output => output.Name).ToList();
        foreach (var expression in spec.Steps.SelectMany(step => step.Expressions))
        {
            foreach (var used in expression.References.OfType<StepOutput>().Where(used => used.Step == stack.Name))
            {
                switch (outputs.FirstOrDefault(output => output.Name == used.Output))
                {
                    case null:
                        faults.Add(
                            expression.Position,
                            $"the output in {used} is not in {template}",
                            NearestName.Expectation(used.Output, names)
                        );
                        break;
                    case { Condition: { } condition } when TargetWithout(spec, stack, root, condition) is { } target:
                        faults.Add(
                            expression.Position,
                            $"the output in {used} is not there in the target \"{target.Name}\", where the condition \"{condition}\" "
                                + $"of {template} does not hold",
                            "an output that is there in every target"
                        );
                        break;
                    case { Condition: { } condition }:
                        faults.AddNotice(
                            expression.Position,
                            $"the output in {used} is there only where the condition \"{condition}\" of {template} holds; "
                                + "a deployment fails here where it does not"
                        );
                        break;
                }
            }
        }
    }

    private static TargetSpec? TargetWithout(ServiceSpec spec, StackStep stack, YamlNode root, string condition) =>
        TemplateNames.Read(root).MayGrow("Conditions")
            ? null
            : spec.Targets.FirstOrDefault(target => ConditionsIn(spec, stack, root, target).Constant(condition) == false);

    private static void CheckConditions(ServiceSpec spec, StackStep stack, YamlNode root, FaultList faults)
    {
        if (TemplateNames.Read(root).MayGrow("Conditions"))
        {
            return;
        }
        foreach (var target in spec.Targets)
        {
            ConditionsIn(spec, stack, root, target).CheckUnreachable($"in the target \"{target.Name}\"", faults);
        }
    }

    private static TemplateConditions ConditionsIn(ServiceSpec spec, StackStep stack, YamlNode root, TargetSpec target) =>
        new(root, MappingUseRules.ValuesIn(spec, stack, root, target));
}
