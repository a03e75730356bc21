using Amazon.CloudFormation.Model;
using Deployer.Functions.Errors;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Stacks;

/// <summary>The parameters of a change set: those that the step names, and every other as it is.</summary>
internal static class StackParameters
{
    // Storage takes up what is stored on every update and re-creation; only the very first creation begins with nothing
    // (https://docs.datomic.com/operation/storage-template.html, "Reuse Existing Storage").
    private const string Restart = "Restart";
    private const string Masked = "****";

    /// <summary>The parameters for a template.</summary>
    /// <param name="run">The step.</param>
    /// <param name="inputs">What the step gives.</param>
    /// <param name="declared">What the template takes.</param>
    /// <param name="present">The stack as it runs; <see langword="null"/> for a new one.</param>
    /// <exception cref="SpecInvalidException">The step names parameters that the template lacks, or does not name one that has no value
    /// otherwise.</exception>
    public static List<Parameter> Resolve(StepRun run, StackInputs inputs, IReadOnlyList<ParameterDeclaration> declared, Stack? present)
    {
        var step = run.Step<StackStep>();
        var kept = (present?.Parameters ?? []).Select(parameter => parameter.ParameterKey).ToHashSet();
        Check(step, inputs, declared, kept);
        var restarts = step.StackKind == StackKind.DatomicStorage && (present is not null || run.Released.ContainsKey(run.Name));
        return
        [
            .. declared
                .Select(parameter => parameter.ParameterKey)
                .Select(name =>
                    restarts && name == Restart ? new Parameter { ParameterKey = name, ParameterValue = "true" }
                    : inputs.Parameters.TryGetValue(name, out var value) ? new Parameter { ParameterKey = name, ParameterValue = value }
                    : kept.Contains(name) ? new Parameter { ParameterKey = name, UsePreviousValue = true }
                    : null
                )
                .OfType<Parameter>(),
        ];
    }

    /// <summary>
    /// Has the values of parameters with <c>NoEcho</c> cut out of every cause: CloudFormation masks them where it describes parameters, and
    /// repeats them in the reasons of resources that failed.
    /// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
    /// </summary>
    public static void HideSecrets(StepRun run, IEnumerable<Parameter>? described)
    {
        var given = run.Step<StackStep>().Parameters;
        foreach (var parameter in (described ?? []).Where(parameter => parameter.ParameterValue == Masked))
        {
            run.Secrets.Add(given.TryGetValue(parameter.ParameterKey, out var value) ? run.Evaluate(value).Value : null);
        }
    }

    private static void Check(StackStep step, StackInputs inputs, IReadOnlyList<ParameterDeclaration> declared, HashSet<string> kept)
    {
        var names = declared.Select(parameter => parameter.ParameterKey).ToList();
        var faults = inputs
            .Parameters.Keys.Except(names)
            .Select(name =>
                $"{step.Parameters[name].Position}: the template has no parameter '{name}'; expected one of "
                + $"{string.Join(", ", names.Order())}"
            )
            .Concat(
                declared
                    .Where(parameter =>
                        parameter.DefaultValue is null
                        && !inputs.Parameters.ContainsKey(parameter.ParameterKey)
                        && !kept.Contains(parameter.ParameterKey)
                    )
                    .Select(parameter =>
                        $"{step.Position}: the template's parameter '{parameter.ParameterKey}' has neither a "
                        + $"default nor a value in stack {inputs.Stack}; expected it under parameters"
                    )
            )
            .ToList();
        if (faults.Count > 0)
        {
            throw new SpecInvalidException(string.Join('\n', faults));
        }
    }
}
