using Amazon.CloudFormation.Model;

namespace Deployer.Functions.Stacks;

/// <summary>The values of parameters and pseudo parameters with which a change set would be executed.</summary>
internal static class ChangeSetValues
{
    /// <summary>The value; <see langword="null"/> where it is not known.</summary>
    /// <param name="present">The stack as it runs; <see langword="null"/> for a new one.</param>
    /// <param name="changeSet">The change set.</param>
    /// <param name="name">The parameter.</param>
    public static string? ParameterAfter(Stack? present, DescribeChangeSetResponse changeSet, string name) =>
        name switch
        {
            "AWS::StackName" => changeSet.StackName,
            "AWS::StackId" => changeSet.StackId,
            "AWS::Region" => changeSet.StackId.Split(':')[3],
            "AWS::AccountId" => changeSet.StackId.Split(':')[4],
            "AWS::Partition" => changeSet.StackId.Split(':')[1],
            _ => KnownValue(changeSet.Parameters, name) ?? KnownValue(present?.Parameters, name),
        };

    /// <summary>A parameter's value; masked ones are not known.</summary>
    private static string? KnownValue(IEnumerable<Parameter>? parameters, string name) =>
        parameters?.FirstOrDefault(parameter => parameter.ParameterKey == name) is { } parameter
        && (parameter.ResolvedValue ?? parameter.ParameterValue) is var value
        && value != "****"
            ? value
            : null;
}
