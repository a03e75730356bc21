using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deployer.Spec.Shapes;

namespace Deployer.Spec.Tests.Shapes;

public sealed class SpecSchemaTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void The_shipped_schema_is_the_one_that_the_checks_use()
    {
        var shipped = JsonNode.Parse(Inventory.Resource("deployer.schema.json"));
        var created = SpecSchema.Create();

        // docs/deployer.schema.json is this text: after a change of the tables, write it there again.
        JsonNode.DeepEquals(shipped, created).ShouldBeTrue(created.ToJsonString(Indented));
    }
}
