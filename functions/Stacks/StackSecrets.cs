using Amazon.CloudFormation.Model;
using Amazon.Runtime;
using Amazon.SimpleSystemsManagement.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Steps;
using Deployer.Spec.Templates;

namespace Deployer.Functions.Stacks;

/// <summary>
/// Cuts the values of parameters with <c>NoEcho</c> out of what is copied from CloudFormation: those that the step gives, those that
/// templates have by default, and those that templates give to nested stacks. CloudFormation masks them where it describes parameters, and
/// not in the reasons of resources (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html).
/// </summary>
internal static class StackSecrets
{
    private const int MostTemplates = 50;
    private const string Masked = "****";
    private const string Outputs = "Outputs.";

    /// <summary>Does a part of a step; what it fails with is free of secret values.</summary>
    /// <param name="run">The step.</param>
    /// <param name="settings">Where the deployer's bucket is.</param>
    /// <param name="work">The part.</param>
    public static async Task<T> HiddenFrom<T>(StepRun run, Settings settings, Func<Task<T>> work)
    {
        try
        {
            var result = await work();
            if (result is Outcome.Failed or Outcome.Running { IsLost: true })
            {
                await Read(run, settings);
            }

            return result is Outcome.Running running && running with { What = run.Secrets.Hide(running.What) } is T hidden
                ? hidden
                : result;
        }
        catch (Exception exception) when (exception is not NotYetException)
        {
            // Whoever records the failure cuts out what is known by then.
            await Read(run, settings);
            throw;
        }
    }

    /// <summary>
    /// Adds the secret values to those that are cut out of the step's causes. A template that cannot be read leaves it open which of its
    /// parameters are secret: then all values that another template gives to it are.
    /// </summary>
    public static async Task Read(StepRun run, Settings settings)
    {
        if (run.Secrets.IsComplete)
        {
            return;
        }

        StackInputs inputs;
        try
        {
            inputs = StackInputs.Resolve(run, settings);
        }
        catch (DeployerException)
        {
            // Without its values a step gives CloudFormation none.
            return;
        }

        var present = await Attempt(() => run.Account.CloudFormation.Find(inputs.Stack));
        var templates =
            new Queue<(
                string? Text,
                Func<string, IReadOnlyList<string>> GivenValues,
                IReadOnlySet<string>? Secret,
                IEnumerable<string> All,
                string? Stack
            )>();
        var (secret, values) = await SecretOutputs.Given(run, ReadTemplate);
        Add(values);
        templates.Enqueue((inputs.TemplateBody ?? await Text(inputs.TemplateUrl), Root, secret, [], present?.StackId));
        if (present is not null)
        {
            // Of a default that the template had before, and of a template elsewhere that cannot be read.
            var former = await ReadTemplate(present.StackId);
            templates.Enqueue((former, Root, secret, [], present.StackId));
        }

        for (var count = 0; count < MostTemplates && templates.TryDequeue(out var template); count++)
        {
            if (template.Text is null)
            {
                Add(template.All);
                continue;
            }

            var held = template.Text.Contains(Outputs, StringComparison.Ordinal) ? await Nested(run, template.Stack) : [];
            var read = TemplateSecrets.Read(
                template.Text,
                name => held.GetValueOrDefault(name.Split('.')[0])?.Output(name) is { } output ? [output] : template.GivenValues(name),
                template.Secret
            );
            Add(read.Values);
            foreach (var name in read.SsmParameters)
            {
                Add(await Values(run, name));
            }

            foreach (var nested in read.Nested)
            {
                templates.Enqueue(
                    (
                        await Text(nested.Address),
                        name => Pseudo(name) ?? nested.Parameters.GetValueOrDefault(name) ?? [],
                        nested.Secret,
                        nested.Parameters.Values.SelectMany(values => values),
                        held.GetValueOrDefault(nested.LogicalId)?.Id
                    )
                );
            }
        }

        foreach (var rest in templates)
        {
            Add(rest.All);
        }

        run.Secrets.IsComplete = true;

        async Task<string?> ReadTemplate(string stack) =>
            (await Attempt(() => run.Account.CloudFormation.GetTemplateAsync(new GetTemplateRequest { StackName = stack })))?.TemplateBody;

        async Task<string?> Text(string? address) =>
            address is null ? null
            : inputs.Packaged(address) is { } own ? own.Text()
            : await Attempt(() => ExternalInputs.Content(run.Account.S3, address, []));

        IReadOnlyList<string> Root(string name) =>
            name == "AWS::StackName" ? [inputs.Stack]
            : Pseudo(name) is { } pseudo ? pseudo
            : inputs.Parameters.GetValueOrDefault(name) is { } given ? [given]
            : present?.Parameters?.Find(parameter => parameter.ParameterKey == name)?.ParameterValue is { } kept and not Masked ? [kept]
            : [];

        IReadOnlyList<string>? Pseudo(string name) => ExternalInputs.PseudoParameter(run, name) is { } value ? [value] : null;

        void Add(IEnumerable<string> values)
        {
            foreach (var value in values)
            {
                run.Secrets.Add(value);
            }
        }
    }

    /// <summary>The value of a parameter of Systems Manager, and each item of a list; nothing when it cannot be read.</summary>
    private static async Task<IEnumerable<string>> Values(StepRun run, string name)
    {
        var answer = await Attempt(() => run.Account.Parameters.GetParametersAsync(new GetParametersRequest { Names = [name] }));
        return (answer?.Parameters ?? []).SelectMany(parameter => parameter.Value.Split(',').Append(parameter.Value));
    }

    /// <summary>The nested stacks that a stack holds, by their logical ids, with their outputs: a later one may be given them.</summary>
    private static async Task<Dictionary<string, HeldStack>> Nested(StepRun run, string? stack)
    {
        var nested = new Dictionary<string, HeldStack>(StringComparer.Ordinal);
        var resources = stack is null
            ? null
            : await Attempt<IReadOnlyList<StackResourceSummary>>(async () => await run.Account.CloudFormation.Resources(stack));
        foreach (var resource in (resources ?? []).Where(resource => resource.ResourceType == "AWS::CloudFormation::Stack"))
        {
            if (await Attempt(() => run.Account.CloudFormation.Find(resource.PhysicalResourceId)) is { } found)
            {
                nested[resource.LogicalResourceId] = new HeldStack(found.StackId, found.OutputValues());
            }
        }

        return nested;
    }

    private sealed record HeldStack(string Id, IReadOnlyDictionary<string, string> Values)
    {
        // LOGICALID.Outputs.NAME
        public string? Output(string attribute) =>
            attribute.IndexOf(Outputs, StringComparison.Ordinal) is >= 0 and var at
                ? Values.GetValueOrDefault(attribute[(at + Outputs.Length)..])
                : null;
    }

    /// <summary>What helps to hide must not fail instead of what is reported.</summary>
    private static async Task<T?> Attempt<T>(Func<Task<T?>> read)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (Exception exception)
            when (exception
                    is AmazonServiceException
                        or AmazonClientException
                        or HttpRequestException
                        or OperationCanceledException
                        or IOException
            )
        {
            return null;
        }
    }
}
