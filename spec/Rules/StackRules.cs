using System.Text.RegularExpressions;
using Deployer.Spec.Faults;
using Deployer.Spec.Steps;

namespace Deployer.Spec.Rules;

/// <summary>Names of stacks and paths to which they publish.</summary>
internal static partial class StackRules
{
    private const int MostTags = 50;
    private const int LongestTagValue = 256;

    public static void Check(ServiceSpec spec, FaultList faults)
    {
        foreach (var stack in spec.Steps.OfType<StackStep>())
        {
            CheckNames(spec, stack, faults);
            CheckTags(spec, stack, faults);
            StaticValue.Check(
                spec,
                stack.Template,
                "the address of the template",
                address => !TemplateAddress.HoldsCredentials(address),
                TemplateAddress.WithoutCredentials,
                faults
            );
            if (stack.Publish is { } publish)
            {
                StaticValue.Check(
                    spec,
                    publish,
                    "the path to publish to",
                    value => ParameterPath().IsMatch(value),
                    "a path such as /inventory/dev/group: at most 14 parts of letters, digits, dots, hyphens and "
                        + "underscores, not below /aws or /ssm",
                    faults
                );
            }
        }
        OneStepForEach.Check(
            spec,
            faults,
            target =>
                spec.Steps.OfType<StackStep>()
                    .Select(step => new OwnedByStep(step.Name, step.Stack.Position, StaticValue.In(spec, target, step.Stack))),
            (steps, stack, target) => $"the steps {steps} are the same stack \"{stack}\" in the target \"{target}\"",
            "one step for each stack"
        );
    }

    private static void CheckNames(ServiceSpec spec, StackStep stack, FaultList faults)
    {
        StaticValue.Check(
            spec,
            stack.Stack,
            "the stack's name",
            value => StackName().IsMatch(value),
            "1 to 128 letters, digits and hyphens, beginning with a letter",
            faults
        );
        if (stack.StackKind == StackKind.DatomicStorage)
        {
            StaticValue.Check(spec, stack.Stack, "the system's name", DatomicNames.IsSystem, DatomicNames.SystemExpectation, faults);
        }
        if (StackKinds.IsGroup(stack.StackKind) && stack.Parameters.TryGetValue("SystemName", out var system))
        {
            StaticValue.Check(spec, system, "the system's name", DatomicNames.IsSystem, DatomicNames.SystemExpectation, faults);
        }
    }

    // Tags of https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html, and their values:
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Tag.html
    private static void CheckTags(ServiceSpec spec, StackStep stack, FaultList faults)
    {
        var count = 0;
        foreach (var (name, value) in stack.Tags)
        {
            if (++count == MostTags + 1)
            {
                faults.Add(
                    value.Position,
                    $"the step \"{stack.Name}\" has {stack.Tags.Count} tags",
                    $"at most {MostTags}: CloudFormation takes no more for a stack"
                );
            }
            var noticed = false;
            foreach (var target in spec.Targets)
            {
                if ((value.Text.Length == 0 ? "" : StaticValue.In(spec, target, value)) is { Length: 0 or > LongestTagValue } known)
                {
                    faults.Add(
                        value.Position,
                        $"the tag \"{name}\" has a value of {known.Length} characters in the target \"{target.Name}\"",
                        $"1 to {LongestTagValue} characters"
                    );
                }
                else if (OtherThanTagged(name, StaticValue.In(spec, target, value)) is { } odd && !noticed)
                {
                    noticed = true;
                    faults.AddNotice(
                        value.Position,
                        $"the tag \"{name}\" of the step \"{stack.Name}\" holds {odd}: CloudFormation takes it for the stack and gives it "
                            + "to the stack's resources, whose services take letters, digits, spaces and _ . : / = + - @ alone"
                    );
                }
            }
        }
    }

    // "You can use any of the following characters: the set of Unicode letters, digits, whitespace, …":
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html. The API itself
    // (API_Tag.html) has no pattern: CreateStack took a tag with a comma, and the stack failed at its first topic
    // (https://github.com/aws/aws-sdk-go/issues/2891), so that a stack of nothing that is tagged succeeds.
    private static string? OtherThanTagged(string name, string? value) =>
        OtherThanOfTags().Match(name) is { Success: true } inName ? $"\"{inName.Value}\" in its key"
        : value is not null && OtherThanOfTags().Match(value) is { Success: true } inValue ? $"\"{inValue.Value}\" in its value"
        : null;

    [GeneratedRegex(@"[^\p{L}\p{Z}\p{N}_.:/=+\-@]", RegexOptions.CultureInvariant)]
    private static partial Regex OtherThanOfTags();

    // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
    [GeneratedRegex(@"^[a-zA-Z][-a-zA-Z0-9]{0,127}\z")]
    private static partial Regex StackName();

    // https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html: 15 levels, one of which is the
    // output's name.
    [GeneratedRegex(@"^(?!/(?i:aws|ssm))(/[a-zA-Z0-9_.-]+){1,14}\z")]
    private static partial Regex ParameterPath();
}
