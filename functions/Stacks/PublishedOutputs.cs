using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using Deployer.Functions.Errors;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Stacks;

/// <summary>
/// The outputs of a stack as parameters of Systems Manager, below the path that the step names. They are written as soon as the stack has
/// them: a later step may read one, and is judged by it when its turn comes.
/// </summary>
internal static class PublishedOutputs
{
    /// <summary>
    /// The most names in one request (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html).
    /// </summary>
    private const int NamesInARequest = 10;

    /// <summary>Writes the outputs that do not read as they should; nothing for a step that publishes none.</summary>
    /// <param name="run">The step, whose name is that of a stack.</param>
    /// <param name="outputs">The stack's outputs.</param>
    /// <exception cref="OutputsNotPublishedException">Systems Manager refuses one, by name.</exception>
    public static async Task Publish(StepRun run, IReadOnlyDictionary<string, string> outputs)
    {
        foreach (var (name, value) in await Differing(run, outputs))
        {
            await Refusable(
                run.Name,
                name,
                () =>
                    run.Account.Parameters.PutParameterAsync(
                        new PutParameterRequest
                        {
                            Name = name,
                            Value = value,
                            Type = ParameterType.String,
                            Overwrite = true,
                        }
                    )
            );
        }
    }

    /// <summary>
    /// The parameters that do not read as they should, with their values. One that does is not written again, which would be a new version.
    /// </summary>
    /// <inheritdoc cref="Publish"/>
    public static async Task<IReadOnlyDictionary<string, string>> Differing(StepRun run, IReadOnlyDictionary<string, string> outputs)
    {
        if (run.Step<StackStep>().Publish is not { } publish)
        {
            return new Dictionary<string, string>();
        }

        var path = run.Text(publish).TrimEnd('/');
        var wanted = outputs.ToDictionary(output => $"{path}/{output.Key}", output => output.Value, StringComparer.Ordinal);
        var present = await Refusable(run.Name, path, () => Present(run.Account.Parameters, wanted.Keys));
        return wanted.Where(parameter => present.GetValueOrDefault(parameter.Key) != parameter.Value).ToDictionary(StringComparer.Ordinal);
    }

    private static async Task<IReadOnlyDictionary<string, string>> Present(
        IAmazonSimpleSystemsManagement parameters,
        IEnumerable<string> names
    )
    {
        var present = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var some in names.Chunk(NamesInARequest))
        {
            var answer = await parameters.GetParametersAsync(new GetParametersRequest { Names = [.. some] });
            foreach (var parameter in answer.Parameters ?? [])
            {
                present[parameter.Name] = parameter.Value;
            }
        }

        return present;
    }

    /// <summary>A request to SSM whose refusal names the step and the path: SSM's own words name neither.</summary>
    private static async Task<T> Refusable<T>(string step, string path, Func<Task<T>> request)
    {
        try
        {
            return await request();
        }
        catch (AmazonSimpleSystemsManagementException exception) when (Failure.Translate(exception) is { IsTransient: false } failure)
        {
            throw new OutputsNotPublishedException($"the outputs of step '{step}' cannot be published to {path}: {failure.Message}");
        }
    }
}
