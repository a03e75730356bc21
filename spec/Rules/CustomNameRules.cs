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
        var templates = new Templates(folder);
        foreach (var target in spec.Targets)
        {
            var first = new Dictionary<(string Type, string Name), Owner>();
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
                foreach (var owner in Owners(spec, target, step, path, templates))
                {
                    var key = (owner.Named.Type, owner.Named.Name!);
                    if (!first.TryAdd(key, owner))
                    {
                        Report(first[key], owner, faults);
                    }
                }
            }
        }
    }

    private static void Report(Owner first, Owner second, FaultList faults)
    {
        var other = first.Step == second.Step ? string.Empty : $" of the step \"{first.Step.Name}\"";
        var own =
            first.Named.Position == second.Named.Position && first.Step != second.Step
                ? $" of the step \"{second.Step.Name}\""
                : string.Empty;
        faults.Add(
            second.Named.Position,
            $"the {second.Named.Property} of {second.Named.LogicalId}{second.Nested}{own} is \"{second.Named.Name}\", "
                + $"which {first.Named.LogicalId}{first.Nested}{other} has",
            "a name for each resource, or none, so that CloudFormation makes one"
        );
    }

    private static IEnumerable<Owner> Owners(ServiceSpec spec, TargetSpec target, StackStep step, RelativePath path, Templates templates)
    {
        string? Pseudo(string name) =>
            name switch
            {
                "AWS::AccountId" => target.Account,
                "AWS::Region" => target.Region,
                _ => null,
            };
        string? Given(string name) => step.Parameters.TryGetValue(name, out var given) ? given.Evaluate(spec.Resolver(target)).Value : null;
        return In(path, string.Empty, name => name == "AWS::StackName" ? StaticValue.In(spec, target, step.Stack) : Pseudo(name), Given, [])
            .Where(owner =>
                owner.Named is { Name: { Length: > 0 } name, IsConditional: false }
                && !name.Contains(Unknown, StringComparison.Ordinal)
                && !NotOfTheRegion.Contains(owner.Named.Type)
            );

        IEnumerable<Owner> In(
            RelativePath file,
            string nested,
            Func<string, string?> pseudo,
            Func<string, string?> given,
            IReadOnlyList<RelativePath> around
        )
        {
            if (templates.Find(file) is not var (text, root))
            {
                yield break;
            }
            var parameters = root.At("Parameters");
            string? Value(string name) =>
                pseudo(name) ?? (parameters?.At(name) is { } declared && !TemplateParameter.HidesValues(declared) ? given(name) : null);
            foreach (var named in CustomNames.Read(text, file.Value, name => Value(name) ?? Unknown))
            {
                yield return new Owner(step, named, nested);
            }
            foreach (var artifact in TemplateArtifact.Find(root).Where(artifact => artifact.Content == ArtifactContent.Template))
            {
                // A nested stack has a name that CloudFormation makes.
                if (
                    root.At("Resources")?.At(artifact.LogicalId) is { } stack
                    && stack.At("Condition") is null
                    && file.Folder.TryAppend(artifact.Path, out var inner, out _)
                    && !around.Contains(inner)
                )
                {
                    var values = new TemplateValues(Value);
                    foreach (
                        var owner in In(
                            inner,
                            $" of the nested stack {artifact.LogicalId}",
                            Pseudo,
                            name => stack.At("Properties")?.At("Parameters")?.At(name) is { } node ? values.Of(node) : null,
                            [.. around, file]
                        )
                    )
                    {
                        yield return owner;
                    }
                }
            }
        }
    }

    /// <summary>A resource with a name, the step that makes it, and the nested stack in words.</summary>
    private sealed record Owner(StackStep Step, CustomName Named, string Nested);

    /// <summary>Templates of the service, each read once.</summary>
    private sealed class Templates(ISourceFolder folder)
    {
        private readonly Dictionary<RelativePath, (string Text, YamlNode Root)?> _read = [];

        public (string Text, YamlNode Root)? Find(RelativePath path)
        {
            if (!_read.TryGetValue(path, out var found))
            {
                found =
                    folder.HasFile(path)
                    && SourceText.Read(folder, path, new FaultList(), SourceText.MaxTemplateBytes) is { } text
                    && TemplateText.Read(text, path.Value, new FaultList()) is { } root
                        ? (text, root)
                        : null;
                _read[path] = found;
            }
            return found;
        }
    }
}
