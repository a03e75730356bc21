using System.Text.Json.Nodes;
using Deployer.Rehearsal.Accounts;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Stacks;

namespace Deployer.Rehearsal.Tests.CloudFormation.ResourceTypes;

public sealed class CustomResourceTests
{
    private const string Body = """
        Resources:
          C: { Type: Custom::Maker, Properties: { ServiceToken: "arn:aws:lambda:us-east-1:111111111111:function:maker" } }
          V: { Type: AWS::CloudFormation::CustomResource, Version: "1.0", Properties: { ServiceToken: arn } }
        Outputs:
          Ref: { Value: !Ref C }
          Address: { Value: !GetAtt C.Address }
          Other: { Value: !GetAtt V.Some.Thing }
        """;

    [Fact]
    public async Task Without_an_answer_a_custom_resource_gives_placeholders_that_stay()
    {
        await using var world = new StackWorld();

        var stack = await world.Created("inventory", Body);

        stack.Status.ShouldBe(StackStatus.CREATE_COMPLETE);
        var outputs = stack.Outputs.ToDictionary(output => output.Key, output => output.Value);
        outputs["Ref"].ShouldStartWith("inventory-C-");
        (outputs["Address"], outputs["Other"]).ShouldBe(("C-Address-placeholder", "V-Some.Thing-placeholder"));
        SimulatedResource.All(world.World).Select(one => one.Type).ShouldBe(["Custom::Maker", "AWS::CloudFormation::CustomResource"]);
        (await world.ChangeSet("inventory", "again", Body)).StatusReason!.ShouldContain("didn't contain changes");
    }

    [Fact]
    public async Task An_answer_by_type_or_for_one_resource_is_given()
    {
        await using var world = new StackWorld();
        world.Engine.Types.CustomResources = new CustomResourceAnswers(
            new Dictionary<string, CustomResourceAnswer>
            {
                ["Custom::Maker"] = new("maker-1", new Dictionary<string, JsonNode> { ["Address"] = "10.0.0.1" }),
                ["inventory/V"] = new(null, new Dictionary<string, JsonNode> { ["Some.Thing"] = "else" }),
            }
        );

        var stack = await world.Created("inventory", Body);

        stack.Outputs.Select(output => output.Value).ShouldBe(["maker-1", "10.0.0.1", "else"], ignoreOrder: true);
    }

    [Fact]
    public async Task An_attribute_that_the_answer_lacks_fails_the_stack()
    {
        await using var world = new StackWorld();
        world.Engine.Types.CustomResources = new CustomResourceAnswers(
            new Dictionary<string, CustomResourceAnswer>
            {
                ["Custom::Maker"] = new(null, new Dictionary<string, JsonNode> { ["Port"] = "80" }),
            }
        );

        var stack = await world.Created("inventory", Body);

        stack.Status.ShouldBe(StackStatus.ROLLBACK_COMPLETE);
    }

    /// <summary>What the rehearsal made up AWS would never have seen: the sentence is the rehearsal's own and says what to give.</summary>
    [Theory]
    [InlineData("A: { Type: AWS::Logs::LogGroup, Properties: { RetentionInDays: !GetAtt C.Days } }", "Days")]
    [InlineData("A: { Type: AWS::EC2::VPC, Properties: { CidrBlock: !GetAtt C.Block } }", "Block")]
    public async Task A_placeholder_that_does_not_do_says_where_to_give_the_value(string resource, string attribute)
    {
        await using var world = new StackWorld();

        var stack = await world.Created(
            "inventory",
            $"Resources:\n  C: {{ Type: Custom::Maker, Properties: {{ ServiceToken: arn }} }}\n  {resource}\n"
        );

        stack.Status.ShouldBe(StackStatus.ROLLBACK_COMPLETE);
        world
            .Events(stack)
            .ShouldContain(happened =>
                happened.StartsWith(
                    $"A CREATE_FAILED: the rehearsal does not know the attribute {attribute} of the custom resource C, and what stands in "
                        + "its place does not do here (",
                    StringComparison.Ordinal
                )
                && happened.EndsWith(
                    "; expected it among the outputs of the resource in accounts/custom-resources.yaml",
                    StringComparison.Ordinal
                )
            );
    }

    [Fact]
    public async Task An_answer_may_be_a_list()
    {
        await using var world = new StackWorld();
        world.Engine.Types.CustomResources = new CustomResourceAnswers(
            new Dictionary<string, CustomResourceAnswer>
            {
                ["Custom::Maker"] = new(null, new Dictionary<string, JsonNode> { ["Zones"] = new JsonArray("a", "b") }),
            }
        );

        var stack = await world.Created(
            "inventory",
            """
            Resources: { C: { Type: Custom::Maker, Properties: { ServiceToken: arn } } }
            Outputs: { Zones: { Value: !Join [ "+", !GetAtt C.Zones ] } }
            """
        );

        stack.Outputs.Single().Value.ShouldBe("a+b");
    }

    [Fact]
    public async Task A_service_token_is_required_and_cannot_be_changed()
    {
        await using var world = new StackWorld();
        var failed = await world.Created("failed", "Resources: { C: { Type: Custom::Maker } }");
        world.Events(failed).ShouldContain(happened => happened.Contains("required key [ServiceToken] not found"));
        await world.Created("inventory", Body);

        var stack = await world.Updated("inventory", Body.Replace("ServiceToken: arn ", "ServiceToken: other "));

        stack.Status.ShouldBe(StackStatus.UPDATE_ROLLBACK_COMPLETE);
        world.Events(stack).ShouldContain("V UPDATE_FAILED: Modifying service token is not allowed.");
    }

    [Fact]
    public void The_answers_are_read_from_the_accounts_folder()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            File.WriteAllText(
                Path.Combine(folder.FullName, "accounts.yaml"),
                "tools: { account: \"222222222222\", region: us-east-1 }\npipeline: p\nstacks: []\n"
            );
            File.WriteAllText(
                Path.Combine(folder.FullName, "custom-resources.yaml"),
                "Custom::Maker:\n  physicalId: maker-1\n  outputs: { Address: \"${target}.example.com\", Zones: [ a, \"${target}\" ] }\n"
            );
            var values = new Dictionary<string, string> { ["target"] = "dev" };

            var answer = AccountsFile
                .Read(Path.Combine(folder.FullName, "accounts.yaml"), values)
                .CustomResources.Find("inventory", "C", "Custom::Maker")!;

            (answer.PhysicalId, answer.Outputs["Address"].ToString(), answer.Outputs["Zones"].ToJsonString()).ShouldBe(
                ("maker-1", "dev.example.com", """["a","dev"]""")
            );

            File.WriteAllText(Path.Combine(folder.FullName, "custom-resources.yaml"), "Custom::Maker:\n  id: maker-1\n");
            Should
                .Throw<AccountsFileException>(() => AccountsFile.Read(Path.Combine(folder.FullName, "accounts.yaml"), values))
                .Message.ShouldEndWith("custom-resources.yaml:2:3: unknown key 'id'; expected physicalId or outputs");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
