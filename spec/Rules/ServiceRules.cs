using System.Text.RegularExpressions;
using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;
using Deployer.Spec.Sources;
using Deployer.Spec.Steps;

namespace Deployer.Spec.Rules;

/// <summary>What a step says about an ECS service.</summary>
internal static partial class ServiceRules
{
    private const string NameExpectation = "1 to 255 letters, digits, hyphens and underscores";

    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html, "memory": what Docker reserves at least.
    private const int LeastMemory = 6;

    // What an image's tag may be: which commit is deployed is not known yet.
    private const string SomeCommit = "0000000000000000000000000000000000000000";

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

            // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html and API_CreateCluster.html
            StaticValue.Check(spec, step.Service, "the ECS service", EcsName().IsMatch, NameExpectation, faults);
            StaticValue.Check(
                spec,
                step.Cluster,
                "the ECS cluster",
                name => EcsName().IsMatch(name) || name.StartsWith("arn:", StringComparison.Ordinal),
                NameExpectation,
                faults
            );
            CheckImage(spec, step, faults);
            CheckSize(step, faults);
            DefinitionRules.Check(spec, step, folder, faults);
            CheckSecrets(spec, step, faults);
            CheckReferences(spec, step, faults);
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

    // ECS takes the name of a parameter without a path, too, and a pasted secret has the form of one.
    private static void CheckReferences(ServiceSpec spec, ServiceStep step, FaultList faults)
    {
        foreach (var (name, written) in step.Secrets)
        {
            foreach (var target in spec.Targets)
            {
                if (StaticValue.In(spec, target, written) is { } from && !IsReferencedSecret(from))
                {
                    faults.Add(
                        written.Position,
                        $"what {name} is taken from is no parameter and no secret, and is not shown",
                        SecretReferences
                    );
                    break;
                }
            }
        }
    }

    /// <summary>What secrets of a container are taken from, for who wrote something else.</summary>
    internal const string SecretReferences = "a parameter by its path (/shop/password) or its ARN, or a secret by its ARN";

    /// <summary>Whether a text names a parameter or a secret, and is not the secret itself.</summary>
    internal static bool IsReferencedSecret(string text) => ReferencedSecret().IsMatch(text);

    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html
    [GeneratedRegex(
        @"^(/[A-Za-z0-9_./-]+|arn:aws[a-z-]*:(ssm|secretsmanager):[^\s]+)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex ReferencedSecret();

    [GeneratedRegex(@"^[a-zA-Z0-9_-]{1,255}\z", RegexOptions.CultureInvariant)]
    private static partial Regex EcsName();

    private static void CheckImage(ServiceSpec spec, ServiceStep step, FaultList faults)
    {
        if (step.Image is not { } written)
        {
            return;
        }

        foreach (var target in spec.Targets)
        {
            var image = written.Evaluate(spec.Resolver(target, revision: SomeCommit)).Value;
            if (string.IsNullOrEmpty(image) || ImageReference.HasDigest(image))
            {
                continue;
            }

            var repository = ImageReference.Repository(image);
            if (repository?.Region == target.Region)
            {
                continue;
            }

            var name = image.Replace(SomeCommit, $"${{{CommitRevision.Written}}}", StringComparison.Ordinal);
            faults.Add(
                written.Position,
                repository is null
                    ? $"the tag of the image \"{name}\" cannot be resolved to a digest: it is no private repository of ECR"
                    : $"the image \"{name}\" is in {repository.Region}, and the target \"{target.Name}\" in {target.Region}",
                ImageReference.Expectation
            );
        }
    }

    /// <remarks>
    /// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html: the memory of a container is at most that
    /// of its task; https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html, "Task size": so are the
    /// CPU units of all containers together.
    /// </remarks>
    private static void CheckSize(ServiceStep step, FaultList faults)
    {
        CheckTask(step, faults);
        if (step.Cpu > step.TaskCpu)
        {
            faults.Add(
                step.TaskPosition!,
                $"the container of the step \"{step.Name}\" has {step.Cpu} CPU units, and its task {step.TaskCpu}",
                $"a task with a cpu of at least {step.Cpu}"
            );
        }

        if (step.Memory < LeastMemory)
        {
            faults.Add(
                step.Position,
                $"the container of the step \"{step.Name}\" has {step.Memory} MiB of memory",
                $"at least {LeastMemory} MiB, and as much as the program needs"
            );
        }

        // With a file its rules say so for all containers together.
        if (step.Definition is null && step.Memory > step.TaskMemory)
        {
            faults.Add(
                step.TaskPosition!,
                $"the container of the step \"{step.Name}\" has {step.Memory} MiB of memory, and its task {step.TaskMemory}",
                $"a task with a memory of at least {step.Memory}"
            );
        }
    }

    /// <summary>
    /// A task has a size of Fargate's. Whether a service is on Fargate only its file says; one that is not has its size in a file without
    /// requiresCompatibilities, where any size may stand.
    /// </summary>
    private static void CheckTask(ServiceStep step, FaultList faults)
    {
        if (step.Definition is not null || step.TaskCpu is not { } cpu)
        {
            return;
        }

        const string Elsewhere = "; for a service that is not on Fargate, a task definition file with its size";
        if (!FargateSize.IsCpu(cpu))
        {
            faults.Add(step.TaskPosition!, $"Fargate has no tasks with a cpu of {cpu}", FargateSize.CpuExpectation + Elsewhere);
        }
        else if (step.TaskMemory is { } memory && !FargateSize.Fits(cpu, memory))
        {
            faults.Add(
                step.TaskPosition!,
                $"Fargate has no tasks with a cpu of {cpu} and a memory of {memory} MiB",
                FargateSize.MemoryExpectation(cpu) + Elsewhere
            );
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
