using System.Text.Json;
using Deployer.Spec.Faults;
using Deployer.Spec.Sources;
using Deployer.Spec.Steps;

namespace Deployer.Spec.Rules;

/// <summary>What a step says about an ECS service.</summary>
internal static class ServiceRules
{
    /// <summary>What ECS makes itself of a task definition, and <c>describe-task-definition</c> answers beside it.</summary>
    private static readonly string[] ReadOnly =
    [
        "taskDefinitionArn",
        "revision",
        "status",
        "requiresAttributes",
        "compatibilities",
        "registeredAt",
        "registeredBy",
        "deregisteredAt",
    ];

    public static void Check(ServiceSpec spec, ISourceFolder folder, FaultList faults)
    {
        foreach (var step in spec.Steps.OfType<ServiceStep>())
        {
            if (
                step is { Image: null, Definition: null, Cpu: null, Memory: null, TaskCpu: null, TaskMemory: null }
                && step.Environment.Count == 0
                && step.Secrets.Count == 0
            )
            {
                faults.Add(
                    step.Position,
                    $"the step \"{step.Name}\" changes nothing of its service",
                    "image, definition, cpu, memory, task, environment or secrets"
                );
            }

            if (step is { Definition: { } file, DefinitionPosition: { } position })
            {
                CheckFile(folder, file, position, faults);
            }

            foreach (var name in step.Environment.Keys.Intersect(step.Secrets.Keys, StringComparer.Ordinal))
            {
                faults.Add(
                    step.Secrets[name].Position,
                    $"the variable {name} of the step \"{step.Name}\" is among environment and secrets",
                    "one of them: ECS refuses a container with both"
                );
            }
        }
    }

    private static void CheckFile(ISourceFolder folder, RelativePath file, SourcePosition position, FaultList faults)
    {
        if (folder.Read(file) is not { } content)
        {
            faults.Add(position, $"there is no file \"{file}\"", "a task definition in JSON");
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(content);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("containerDefinitions", out _))
            {
                faults.Add(position, $"\"{file}\" has no containerDefinitions", "a task definition in JSON");
                return;
            }

            foreach (var member in root.EnumerateObject().Where(member => ReadOnly.Contains(member.Name, StringComparer.Ordinal)))
            {
                faults.Add(position, $"\"{file}\" has {member.Name}, which ECS makes itself", "a definition without it");
            }
        }
        catch (JsonException exception)
        {
            faults.Add(position, $"\"{file}\" is no JSON: {exception.Message}", "a task definition in JSON");
        }
    }
}
