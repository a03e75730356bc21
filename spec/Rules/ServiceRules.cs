using Deployer.Spec.Faults;
using Deployer.Spec.Sources;
using Deployer.Spec.Steps;

namespace Deployer.Spec.Rules;

/// <summary>What a step says about an ECS service.</summary>
internal static class ServiceRules
{
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

            DefinitionRules.Check(step, folder, faults);
            CheckSecrets(spec, step, faults);
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

    private static void CheckSecrets(ServiceSpec spec, ServiceStep step, FaultList faults)
    {
        foreach (var (name, written) in step.Environment)
        {
            foreach (var target in spec.Targets)
            {
                if (PlainSecrets.IsVariable(name, StaticValue.In(spec, target, written)))
                {
                    faults.Add(
                        written.Position,
                        $"the environment variable {name} is a secret, and everybody who may read task definitions reads it",
                        PlainSecrets.Expectation
                    );
                }
            }
        }
    }
}
