using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Templates;

namespace Deployer.Rehearsal.Tests.CloudFormation.Templates;

internal static class TestScope
{
    public static EvaluationScope With(IReadOnlyDictionary<string, ParameterValue> parameters) =>
        new(
            new PseudoParameters(
                "111111111111",
                "us-east-1",
                "arn:aws:cloudformation:us-east-1:111111111111:stack/inventory/1",
                "inventory"
            ),
            parameters.ToDictionary(p => p.Key, p => p.Value.InUse),
            new Named(),
            name => name == "shared-vpc" ? "vpc-1" : null,
            key => $"resolved {key}"
        );

    private sealed class Named : IResourceValues
    {
        public JsonNode Ref(string logicalId) => $"ref of {logicalId}";

        public JsonNode GetAtt(string logicalId, string attribute) => $"{attribute} of {logicalId}";
    }
}
