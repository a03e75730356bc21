using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec.Expressions;
using Deployer.Spec.Steps;
using Deployer.Spec.Templates;

namespace Deployer.Functions.Stacks;

/// <summary>
/// Which parameters of a stack step are given an output that the template of an earlier step makes of a secret parameter
/// (<c>NoEcho</c>): CloudFormation shows outputs as they are, "we don't mask or obfuscate any information you include in the Outputs
/// section" (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html), and so do its causes.
/// </summary>
internal static class SecretOutputs
{
    // Steps are no circle; so long a chain is of nobody.
    private const int Depth = 10;

    /// <summary>The parameters, and the values of the outputs that they are given.</summary>
    /// <param name="run">The step.</param>
    /// <param name="template">The template of a stack, by its id; <see langword="null"/> where it cannot be read.</param>
    public static async Task<(IReadOnlySet<string> Parameters, IReadOnlyList<string> Values)> Given(
        StepRun run,
        Func<string, Task<string?>> template
    )
    {
        var known = new Dictionary<string, SecretProperties?>(StringComparer.Ordinal);
        var values = new List<string>();
        foreach (var output in References(run.Step<StackStep>()))
        {
            if (await IsSecret(output, 0) && run.Released[output.Step].Outputs.GetValueOrDefault(output.Output) is { } value)
            {
                values.Add(value);
            }
        }

        return (await Parameters(run.Step<StackStep>(), 0), values);

        static IEnumerable<StepOutput> References(StackStep step) =>
            step.Parameters.Values.SelectMany(value => value.References).OfType<StepOutput>().Distinct();

        async Task<IReadOnlySet<string>> Parameters(StackStep step, int depth)
        {
            var found = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (name, value) in step.Parameters)
            {
                foreach (var output in value.References.OfType<StepOutput>())
                {
                    if (await IsSecret(output, depth))
                    {
                        found.Add(name);
                    }
                }
            }

            return found;
        }

        async Task<bool> IsSecret(StepOutput output, int depth)
        {
            if (
                depth > Depth
                || run.Source.Spec.Step(output.Step) is not StackStep step
                || run.Released.GetValueOrDefault(output.Step) is not { } released
            )
            {
                return false;
            }

            if (!known.TryGetValue(output.Step, out var properties))
            {
                // The template that made the output. One that cannot be read is none of a secret that is known.
                var text = await template(released.Resource);
                known[output.Step] = properties = text is null ? null : SecretProperties.Read(text, await Parameters(step, depth + 1));
            }

            return properties?.HidesOutput(output.Output) == true;
        }
    }
}
