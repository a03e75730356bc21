using Deployer.Spec.Faults;
using Deployer.Spec.Sources;
using Deployer.Spec.Steps;
using Deployer.Spec.Templates;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Rules;

/// <summary>
/// No two resources of a target are given one name, in one template or in two: AWS refuses the second, as it refuses a name that is taken
/// (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html).
/// </summary>
internal static class CustomNameRules
{
    // Stands in names for what is not known here, so that no name that has it is equal to another.
    private const string Unknown = "\0";

    // Names that are of one cluster, bus or VPC only: there may be two.
    private static readonly string[] NotOfTheRegion = ["AWS::ECS::Service", "AWS::Events::Rule", "AWS::EC2::SecurityGroup"];

    public static void Check(ServiceSpec spec, ISourceFolder folder, FaultList faults)
    {
        var texts = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var target in spec.Targets)
        {
            var first = new Dictionary<(string Type, string Name), (StackStep Step, CustomName Named)>();
            foreach (var step in spec.Steps.OfType<StackStep>())
            {
                if (
                    StaticValue.In(spec, target, step.Template) is not { } template
                    || !RelativePath.TryParse(template, out var path, out _)
                    || !folder.HasFile(path)
                )
                {
                    continue;
                }
                if (!texts.TryGetValue(template, out var text))
                {
                    texts[template] = text = SourceText.Read(folder, path, new FaultList(), SourceText.MaxTemplateBytes);
                }
                foreach (var named in text is null ? [] : Names(spec, target, step, path.Value, text))
                {
                    var key = (named.Type, named.Name!);
                    if (!first.TryAdd(key, (step, named)))
                    {
                        Report(first[key], (step, named), faults);
                    }
                }
            }
        }
    }

    private static void Report((StackStep Step, CustomName Named) first, (StackStep Step, CustomName Named) second, FaultList faults)
    {
        var other = first.Step == second.Step ? string.Empty : $" of the step \"{first.Step.Name}\"";
        var own = first.Named.Position == second.Named.Position ? $" of the step \"{second.Step.Name}\"" : string.Empty;
        faults.Add(
            second.Named.Position,
            $"the {second.Named.Property} of {second.Named.LogicalId}{own} is \"{second.Named.Name}\", "
                + $"which {first.Named.LogicalId}{other} has",
            "a name for each resource, or none, so that CloudFormation makes one"
        );
    }

    private static IEnumerable<CustomName> Names(ServiceSpec spec, TargetSpec target, StackStep step, string file, string text)
    {
        var parameters = TemplateText.Read(text, file, new FaultList())?.At("Parameters");
        string? Value(string name) =>
            name switch
            {
                "AWS::AccountId" => target.Account,
                "AWS::Region" => target.Region,
                "AWS::StackName" => StaticValue.In(spec, target, step.Stack),
                _ => parameters?.At(name) is { } declared
                && !TemplateParameter.HidesValues(declared)
                && step.Parameters.TryGetValue(name, out var given)
                    ? given.Evaluate(spec.Resolver(target)).Value
                    : null,
            };
        return CustomNames
            .Read(text, file, name => Value(name) ?? Unknown)
            .Where(named =>
                named is { Name: { Length: > 0 } name, IsConditional: false }
                && !name.Contains(Unknown, StringComparison.Ordinal)
                && !NotOfTheRegion.Contains(named.Type)
            );
    }
}
