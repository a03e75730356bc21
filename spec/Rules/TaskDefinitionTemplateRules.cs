using System.Globalization;
using Deployer.Spec.Faults;
using Deployer.Spec.Steps;
using Deployer.Spec.Templates;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Rules;

/// <summary>
/// The containers of a template's task definition can start in some order, and Fargate lets them stop for as long as it is written: ECS
/// registers the one, and a task of it never starts; CloudFormation fails over the other.
/// </summary>
internal static class TaskDefinitionTemplateRules
{
    /// <summary>Checks them in each target with what the step gives.</summary>
    public static void Check(ServiceSpec spec, StackStep stack, YamlNode root, FaultList faults)
    {
        foreach (var resource in root.Entries("Resources").Select(entry => entry.Value))
        {
            if (resource.Text("Type") != "AWS::ECS::TaskDefinition" || resource.At("Properties") is not { } properties)
            {
                continue;
            }

            foreach (var target in spec.Targets)
            {
                var values = MappingUseRules.ValuesWithDefaults(spec, stack, root, target);
                CheckOrder(properties, values, faults);
                if (properties.Items("RequiresCompatibilities").Any(place => values.Of(place) == "FARGATE"))
                {
                    CheckStops(properties, values, faults);
                }
            }
        }
    }

    private static void CheckOrder(YamlNode properties, TemplateValues values, FaultList faults)
    {
        var waits = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        var places = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        foreach (var container in properties.Items("ContainerDefinitions"))
        {
            if (container.At("Name") is { } written && values.Of(written) is { } name)
            {
                waits[name] =
                [
                    .. container
                        .Items("DependsOn")
                        .Select(dependency => dependency.At("ContainerName"))
                        .OfType<YamlNode>()
                        .Select(values.Of)
                        .OfType<string>(),
                ];
                places[name] = container.At("DependsOn") ?? container;
            }
        }

        if (TemplateCircle.Find(waits) is { Count: > 0 } circle)
        {
            faults.Add(places[circle[0]].Position, ContainerOrder.Problem(circle), ContainerOrder.Expected);
        }
    }

    private static void CheckStops(YamlNode properties, TemplateValues values, FaultList faults)
    {
        foreach (var stop in properties.Items("ContainerDefinitions").Select(container => container.At("StopTimeout")).OfType<YamlNode>())
        {
            if (
                values.Of(stop) is { } text
                && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                && seconds > FargateDefinition.LongestStop
            )
            {
                faults.Add(stop.Position, FargateDefinition.NoStop(text), FargateDefinition.StopExpectation);
            }
        }
    }
}

/// <summary>Containers that wait for each other, in the words of a fault.</summary>
internal static class ContainerOrder
{
    /// <summary>What is right.</summary>
    public const string Expected = "an order in which each container starts after those that it depends on";

    /// <summary>What is wrong.</summary>
    /// <param name="circle">The containers.</param>
    public static string Problem(IReadOnlyList<string> circle) =>
        circle is [var only]
            ? $"the container {only} waits for itself, so that it never starts"
            : $"the containers {string.Join(", ", circle)} wait for each other, so that none of them starts";
}
