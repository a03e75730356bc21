using System.Text.Json;

namespace Deployer.Sdk.Tests.Contract;

/// <summary>
/// Every operation, shape, member, enum, error and binding that is declared here is the one of the npm packages' schemas.
/// </summary>
public sealed class ShapeContractTests(NpmSchemas schemas) : IClassFixture<NpmSchemas>
{
    [Fact]
    public void Everything_declared_is_what_the_schemas_say()
    {
        var models = schemas.Read();

        models.EnumerateArray().Select(m => Text(m, "name")).ShouldBe(Services.All.Select(s => s.Name), ignoreOrder: true);
        var differences = models
            .EnumerateArray()
            .SelectMany(model => new Comparison(model, Services.Named(Text(model, "name"))).Differences())
            .ToList();
        differences.ShouldBeEmpty();
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
