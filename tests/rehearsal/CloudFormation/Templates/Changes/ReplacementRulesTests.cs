using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Templates.Changes;

namespace Deployer.Rehearsal.Tests.CloudFormation.Templates.Changes;

public sealed class ReplacementRulesTests
{
    private const string PrintSchemas = """
        import json, sys
        from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER
        def top(names): return sorted(n[12:] for n in names if '/' not in n[12:])
        result = {}
        for name in sys.argv[1:]:
            schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema('us-east-1', name).schema
            tagging = schema.get('tagging', {})
            result[name] = {
                'always': top(schema.get('createOnlyProperties', [])),
                'conditionally': top(schema.get('conditionalCreateOnlyProperties', [])),
                'tags': tagging['tagProperty'][12:] if tagging.get('taggable', False) else None,
            }
        print(json.dumps(result))
        """;

    // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html takes no KeySchema.
    [Theory]
    [InlineData("""[{"AttributeName":"b","KeyType":"HASH"}]""", true)]
    [InlineData("""[{"AttributeName":"a","KeyType":"HASH"},{"AttributeName":"s","KeyType":"RANGE"}]""", true)]
    [InlineData("""[{"KeyType":"HASH","AttributeName":"a"}]""", false)]
    public void A_table_is_replaced_when_its_keys_are_others(string schema, bool replaces) =>
        ReplacementRules
            .ForType("AWS::DynamoDB::Table")
            .Replaces("KeySchema", JsonNode.Parse("""[{"AttributeName":"a","KeyType":"HASH"}]"""), JsonNode.Parse(schema))
            .ShouldBe(replaces);

    [Fact]
    public void Agree_with_the_schemas_that_cfn_lint_carries()
    {
        var schemas = Schemas();
        Assert.SkipWhen(schemas is null, "python3 with cfn-lint is not installed: nothing to compare the rules with");

        foreach (var (type, schema) in schemas!)
        {
            var rules = ReplacementRules.ForType(type);
            rules.Always.ShouldBe(schema.Always, ignoreOrder: true, customMessage: type);
            rules.Conditionally.ShouldBe(schema.Conditionally, ignoreOrder: true, customMessage: type);
            rules.TagProperty.ShouldBe(schema.Tags, customMessage: type);
        }
    }

    private static Dictionary<string, Schema>? Schemas()
    {
        try
        {
            using var python = Process.Start(
                new ProcessStartInfo("python3", ["-c", PrintSchemas, .. ReplacementRules.Types])
                {
                    RedirectStandardOutput = true,
                    UseShellExecute = false,
                }
            )!;
            var output = python.StandardOutput.ReadToEnd();
            python.WaitForExit();
            return python.ExitCode == 0 ? JsonSerializer.Deserialize<Dictionary<string, Schema>>(output, JsonSerializerOptions.Web) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private sealed record Schema(string[] Always, string[] Conditionally, string? Tags);
}
