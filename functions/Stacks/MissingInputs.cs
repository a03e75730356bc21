using System.Text.RegularExpressions;

namespace Deployer.Functions.Stacks;

/// <summary>
/// Which parameters of Systems Manager and which exports CloudFormation did not find, by the words with which it refuses a change set.
/// https://github.com/awslabs/aws-deployment-framework/issues/659 (types <c>AWS::SSM::Parameter::Value</c>),
/// https://github.com/aws-samples/data-mesh-datazone-cdk-cloudformation/issues/19 (<c>{{resolve:ssm:…}}</c>),
/// https://github.com/aws-cloudformation/aws-cloudformation-templates/issues/464 (<c>Fn::ImportValue</c>).
/// </summary>
internal static partial class MissingInputs
{
    private const string DynamicReference = "ssm:";

    /// <summary>What is missing, each in words; nothing when the reason is, or holds, another one.</summary>
    /// <param name="reason">CloudFormation's reason.</param>
    public static IReadOnlyList<string> In(string reason)
    {
        var match = Reason().Match(reason);
        return match.Groups["export"] is { Success: true } export
            ? [$"the export {export.Value}"]
            :
            [
                .. match
                    .Groups["parameters"]
                    .Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                    .Select(name => name.StartsWith(DynamicReference, StringComparison.Ordinal) ? name[DynamicReference.Length..] : name)
                    .Select(name => $"the parameter {name} of Systems Manager"),
            ];
    }

    [GeneratedRegex(
        @"^(Unable to fetch parameters \[(?<parameters>[^\]]+)\] from parameter store for this account\.?"
            + @"|Parameters: \[(?<parameters>ssm:[^\]]+)\] cannot be found\.?"
            + @"|No export named (?<export>\S+) found\.?)\s*$",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex Reason();
}
