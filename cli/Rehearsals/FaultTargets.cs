using System.Text;
using Deployer.Cli.Output;
using Deployer.Rehearsal;
using Deployer.Rehearsal.CloudFormation;
using Deployer.Rehearsal.World;

namespace Deployer.Cli.Rehearsals;

/// <summary>Whether there is what the faults of a rehearsal are to strike.</summary>
internal sealed class FaultTargets(RehearsedService service, AwsRehearsal rehearsal)
{
    private static readonly string[] Extensions = [".yaml", ".yml", ".json", ".template"];

    /// <summary>Checks each fault that names what it strikes. Once the accounts are prepared, before anything is deployed.</summary>
    /// <exception cref="InvalidInputException">There is no such thing.</exception>
    public async Task Check(Faults faults)
    {
        if (await rehearsal.RequestFaultWithoutTarget() is { } problem)
        {
            throw Missing(problem);
        }

        foreach (var fault in faults.All.Where(fault => fault.What is not null))
        {
            switch (Faults.Known.First(known => known.Name == fault.Name).What)
            {
                case "LogicalId":
                    await CheckResource(fault);
                    break;
                case "NAME":
                    CheckLambda(fault);
                    break;
                case "SERVICE":
                    await CheckContainers(fault);
                    break;
                case null:
                    throw Missing($"the fault {fault.Name} strikes nothing that can be named; expected it without ':{fault.What}'");
            }
        }
    }

    private async Task CheckResource(Fault fault)
    {
        // A template that is not at hand, and one that SAM makes more resources of, are known when the stack is made.
        if (await Resources() is { } resources && !resources.Any(resource => IsMeant(resource, fault.What!)))
        {
            throw Missing($"the fault {fault.Name} strikes no resource '{fault.What}': no template of the service declares it");
        }
    }

    private static bool IsMeant(DeclaredResource resource, string logicalId) =>
        resource.LogicalId == logicalId
        || resource.Type.StartsWith("AWS::Serverless::", StringComparison.Ordinal)
            && logicalId.StartsWith(resource.LogicalId, StringComparison.Ordinal);

    private void CheckLambda(Fault fault)
    {
        var known = service.Spec.Steps.SelectMany(step => step.LambdaNames(service.Source)).ToList();
        if (!known.Exists(name => fault.What == name || fault.What!.EndsWith($"-{name}", StringComparison.Ordinal)))
        {
            throw Missing($"the fault {fault.Name} strikes no ion Lambda '{fault.What}'; known: {string.Join(", ", known)}");
        }
    }

    private async Task CheckContainers(Fault fault)
    {
        if (
            await Resources() is { } resources
            && !resources.Any(resource => resource.Type == "AWS::ECS::Service" && (resource.Name ?? fault.What) == fault.What)
        )
        {
            throw Missing($"the fault {fault.Name} strikes no ECS service '{fault.What}': no template of the service declares it");
        }
    }

    /// <summary>What the templates declare; <see langword="null"/> when one of them is not at hand.</summary>
    private async Task<IReadOnlyList<DeclaredResource>?> Resources()
    {
        var texts = new List<string?>();
        foreach (var expression in service.Spec.Steps.SelectMany(step => step.Templates))
        {
            if (
                expression.Evaluate(service.Spec.Resolver(service.Target)).Value is { } template
                && template.Contains("://", StringComparison.Ordinal)
            )
            {
                texts.Add(await rehearsal.Template(service.Target.Account, service.Target.Region, template));
            }
        }

        texts.AddRange(
            service
                .Source.Files.Where(file => Extensions.Contains(Path.GetExtension(file.ToString()), StringComparer.OrdinalIgnoreCase))
                .Select(file => Encoding.UTF8.GetString(service.Source.Read(file)!))
        );
        return texts.Contains(null) ? null : [.. texts.SelectMany(text => DeclaredResource.In(text!))];
    }

    private static InvalidInputException Missing(string problem) => new("FaultTargetUnknown", problem);
}
