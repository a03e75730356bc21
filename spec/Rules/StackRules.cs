using System.Text.RegularExpressions;
using Deployer.Spec.Faults;
using Deployer.Spec.Sources;
using Deployer.Spec.Steps;

namespace Deployer.Spec.Rules;

/// <summary>Names, templates and paths of stacks.</summary>
internal static partial class StackRules
{
    public static void Check(ServiceSpec spec, ISourceFolder folder, FaultList faults)
    {
        foreach (var stack in spec.Steps.OfType<StackStep>())
        {
            CheckNames(spec, stack, faults);
            CheckTemplate(spec, stack, folder, faults);
            if (stack.Publish is { } publish)
            {
                StaticValue.Check(spec, publish, "the path to publish to", value => ParameterPath().IsMatch(value),
                    "a path such as /inventory/dev/group: at most 14 parts of letters, digits, dots, hyphens and underscores, not below /aws or /ssm", faults);
            }
        }
        CheckUnique(spec, faults);
    }

    private static void CheckNames(ServiceSpec spec, StackStep stack, FaultList faults)
    {
        StaticValue.Check(spec, stack.Stack, "the stack's name", value => StackName().IsMatch(value),
            "1 to 128 letters, digits and hyphens, beginning with a letter", faults);
        if (stack.StackKind == StackKind.DatomicStorage)
        {
            StaticValue.Check(spec, stack.Stack, "the system's name", DatomicNames.IsSystem, DatomicNames.SystemExpectation, faults);
        }
        if (StackKinds.IsGroup(stack.StackKind) && stack.Parameters.TryGetValue("SystemName", out var system))
        {
            StaticValue.Check(spec, system, "the system's name", DatomicNames.IsSystem, DatomicNames.SystemExpectation, faults);
        }
    }

    private static void CheckTemplate(ServiceSpec spec, StackStep stack, ISourceFolder folder, FaultList faults)
    {
        foreach (var target in spec.Targets)
        {
            if (StaticValue.In(spec, target, stack.Template) is not { } template || TemplateAddress.IsRemote(template))
            {
                continue;
            }
            if (template.Contains("://", StringComparison.Ordinal))
            {
                faults.Add(stack.Template.Position, $"the template's address is \"{template}\"", "an https address, or a file of the service");
            }
            else if (!RelativePath.TryParse(template, out var path, out var problem))
            {
                faults.Add(stack.Template.Position, $"the template's path \"{template}\" {problem}", "the path of a file within the service's folder");
            }
            else if (!folder.HasFile(path))
            {
                faults.Add(stack.Template.Position, $"the template \"{template}\" does not exist", NearestName.Expectation(path.Value, TemplatesIn(folder)));
            }
        }
    }

    private static void CheckUnique(ServiceSpec spec, FaultList faults)
    {
        foreach (var target in spec.Targets)
        {
            var named = spec.Steps.OfType<StackStep>().Select(stack => (Stack: stack, Name: StaticValue.In(spec, target, stack.Stack))).Where(pair => pair.Name is not null);
            foreach (var same in named.GroupBy(pair => pair.Name).Where(group => group.Count() > 1))
            {
                var names = string.Join(", ", same.Select(pair => pair.Stack.Name));
                faults.Add(same.ElementAt(1).Stack.Stack.Position, $"the steps {names} are the same stack \"{same.Key}\" in the target \"{target.Name}\"", "one step for each stack");
            }
        }
    }

    private static List<string> TemplatesIn(ISourceFolder folder) =>
        [.. folder.Files.Select(file => file.Value).Where(file => Path.GetExtension(file) is ".yaml" or ".yml" or ".json" or ".template" && file != SpecReader.FileName).Take(20)];

    // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
    [GeneratedRegex(@"^[a-zA-Z][-a-zA-Z0-9]{0,127}\z")]
    private static partial Regex StackName();

    // https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html: 15 levels, one of which is the output's name.
    [GeneratedRegex(@"^(?!/(?i:aws|ssm))(/[a-zA-Z0-9_.-]+){1,14}\z")]
    private static partial Regex ParameterPath();
}
