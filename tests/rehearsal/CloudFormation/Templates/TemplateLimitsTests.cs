using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Tests.CloudFormation.Templates;

public sealed class TemplateLimitsTests
{
    [Theory]
    [InlineData("Resources", "resources", 500, """{ "Type": "AWS::SNS::Topic" }""")]
    [InlineData("Parameters", "parameters", 200, """{ "Type": "String", "Default": "a" }""")]
    [InlineData("Mappings", "mappings", 200, """{ "a": { "b": "c" } }""")]
    [InlineData("Outputs", "outputs", 200, """{ "Value": "a" }""")]
    public void A_section_may_have_as_many_members_as_CloudFormation_allows(string section, string counted, int maximum, string member)
    {
        Template.From(With(section, maximum, member));

        Should
            .Throw<TemplateException>(() => Template.From(With(section, maximum + 1, member)))
            .Message.ShouldBe($"Template format error: Number of {counted}, {maximum + 1}, is greater than maximum allowed, {maximum}");
    }

    [Fact]
    public void A_description_may_have_1024_bytes()
    {
        static JsonObject Described(string text) => new(With("Outputs", 0, "{}").Select(Copy)) { ["Description"] = text };
        Template.From(Described(new string('a', 1024)));

        foreach (var description in new[] { new string('a', 1025), new string('ä', 513) })
        {
            Should
                .Throw<TemplateException>(() => Template.From(Described(description)))
                .Message.ShouldBe("Template format error: 'Description' length is greater than 1024.");
        }
    }

    [Fact]
    public async Task A_template_in_a_request_may_have_51200_bytes()
    {
        await using var world = new StackWorld();

        (await Should.ThrowAsync<ApiException>(() => world.Create("inventory", Body('ä', 26_000)))).Message.ShouldContain(
            "Member must have length less than or equal to 51200"
        );
        await world.Create("inventory", Body('a', 26_000));
    }

    [Fact]
    public async Task A_template_at_an_address_may_have_a_million_bytes()
    {
        await using var world = new StackWorld();
        world.Templates["https://x"] = Body('ä', 500_001);

        (
            await Should.ThrowAsync<ApiException>(() =>
                world.Do(() =>
                    world.Requests.Create(
                        world.Call,
                        StackWorld.Order("inventory", "") with
                        {
                            TemplateBody = null,
                            TemplateUrl = "https://x",
                        }
                    )
                )
            )
        ).Message.ShouldBe("Template may not exceed 1000000 bytes in size.");
    }

    [Theory]
    [InlineData("111111111111", "111111111111")]
    [InlineData("0x1F", "0x1F")]
    [InlineData("1_000", "1_000")]
    [InlineData("1.5", "1.5")]
    [InlineData("1e3", "1e3")]
    [InlineData("22:22", "22:22")]
    public void A_numeric_key_is_refused_as_CloudFormation_does(string key, string received) =>
        Should
            .Throw<TemplateException>(() =>
                TemplateText.Read($"Mappings:\n  ByAccount:\n    {key}: {{ Name: dev }}\nResources: {{ T: {{ Type: AWS::SNS::Topic }} }}")
            )
            .Message.ShouldBe(
                $"Template format error: [/Mappings/ByAccount] map keys must be strings; received numeric [{received}] instead."
            );

    [Theory]
    [InlineData("\"111111111111\"")]
    [InlineData("012345678901")]
    [InlineData("1a")]
    [InlineData("us-east-1")]
    public void A_key_that_is_text_is_taken(string key) =>
        TemplateText.Read($"Mappings:\n  ByAccount:\n    {key}: {{ Name: dev }}")["Mappings"]!["ByAccount"]!.AsObject().Count.ShouldBe(1);

    [Fact]
    public void A_numeric_key_is_refused_wherever_it_stands() =>
        Should
            .Throw<TemplateException>(() => TemplateText.Read("Resources: { R: { Properties: { Responses: [ { 200: ok } ] } } }"))
            .Message.ShouldContain("[/Resources/R/Properties/Responses/0] map keys must be strings; received numeric [200]");

    private static string Body(char filler, int count) => $"Resources: {{ T: {{ Type: AWS::SNS::Topic }} }}\n# {new string(filler, count)}";

    private static JsonObject With(string section, int count, string member)
    {
        var root = new JsonObject { ["Resources"] = new JsonObject { ["T"] = JsonNode.Parse("""{ "Type": "AWS::SNS::Topic" }""") } };
        if (count > 0)
        {
            root[section] = new JsonObject(Enumerable.Range(0, count).Select(i => KeyValuePair.Create($"M{i}", JsonNode.Parse(member))));
        }

        return root;
    }

    private static KeyValuePair<string, JsonNode?> Copy(KeyValuePair<string, JsonNode?> entry) => new(entry.Key, entry.Value?.DeepClone());
}
