using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary>What the parameters that CloudFormation itself declares stand for.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html</summary>
public sealed record PseudoParameters(string AccountId, string Region, string StackId, string StackName)
{
    /// <summary><c>AWS::NotificationARNs</c>.</summary>
    public IReadOnlyList<string> NotificationArns { get; init; } = [];

    /// <summary>Whether a name is one of them (<c>AWS::NoValue</c> too).</summary>
    public static bool Has(string name) =>
        name
            is "AWS::AccountId"
                or "AWS::NoValue"
                or "AWS::NotificationARNs"
                or "AWS::Partition"
                or "AWS::Region"
                or "AWS::StackId"
                or "AWS::StackName"
                or "AWS::URLSuffix";

    internal JsonNode Value(string name) =>
        name switch
        {
            "AWS::AccountId" => AccountId,
            "AWS::NotificationARNs" => new JsonArray([.. NotificationArns.Select(arn => (JsonNode)arn)]),
            "AWS::Partition" => "aws",
            "AWS::Region" => Region,
            "AWS::StackId" => StackId,
            "AWS::StackName" => StackName,
            "AWS::URLSuffix" => "amazonaws.com",
            _ => throw new TemplateException(
                $"Template format error: Unresolved resource dependencies [{name}] in the Resources block of the template"
            ),
        };
}
