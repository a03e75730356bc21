using System.Text.Json.Nodes;
using Amazon.CDK;

namespace Deployer.Cdk.Tests;

/// <summary>What the configuration may say beside what the example's says.</summary>
// The CDK speaks with one process of Node over one pipe.
[Collection("CDK")]
public sealed class ConfiguredStacksTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-cdk-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_target_with_an_approval_is_planned_and_approved_before_it_is_deployed()
    {
        var templates = Synthesise(("""{ "stage": "prod", """, """{ "stage": "prod", "approval": true, """));

        Actions(templates["inventory-pipeline"], "Second").ShouldBe(["Deploy"]);
        Actions(templates["inventory-pipeline"], "Third").ShouldBe(["Plan", "Approve", "Deploy"]);
    }

    [Fact]
    public void Parameters_of_the_templates_are_given_per_stage_service_and_target()
    {
        var templates = Synthesise(
            (
                "\"name\": \"dev\", ",
                """
                "name": "dev", "deployerParameters": { "LogRetention": 30, "BuildImage": "aws/codebuild/standard:8.0" },
                "targetParameters": { "CloudFormationPolicies": ["arn:aws:iam::111111111111:policy/tables"] },
                """
            ),
            (
                "\"name\": \"inventory\",",
                """
                "name": "inventory", "buildParameters": { "GitKey": "/git/inventory" },
                "pipelineParameters": { "FirstRole": "arn:aws:iam::111111111111:role/invoker" },
                """
            ),
            ("{ \"stage\": \"dev\", ", "{ \"stage\": \"dev\", \"accessParameters\": { \"CodeBucket\": \"datomic-code-orders\" }, ")
        );

        Text("deployer-dev").ShouldContain("\"RetentionInDays\":30");
        Text("deployer-stage").ShouldNotContain("\"RetentionInDays\":30");
        Text("deployer-dev").ShouldContain("aws/codebuild/standard:8.0");
        Text("deployer-target-dev").ShouldContain("arn:aws:iam::111111111111:policy/tables");
        Text("deployer-inventory-dev").ShouldContain("datomic-code-orders");
        Text("deployer-inventory-prod").ShouldNotContain("datomic-code-orders");
        Text("deployer-inventory-dev-build").ShouldContain("/git/inventory");
        Text("inventory-pipeline").ShouldContain("arn:aws:iam::111111111111:role/invoker");

        string Text(string stack) => templates[stack].ToJsonString();
    }

    [Fact]
    public void A_service_in_two_regions_of_a_stage_has_a_stack_in_each_and_one_role_for_its_builds()
    {
        var templates = Synthesise(
            (
                "\"account\": \"111111111111\", \"regions\": [\"us-east-1\"]",
                "\"account\": \"111111111111\", \"regions\": [\"us-east-1\", \"eu-west-1\"]"
            ),
            (
                "{ \"stage\": \"stage\", \"system\": \"datomic-stage\" }",
                "{ \"stage\": \"dev\", \"name\": \"dev-eu\", \"region\": \"eu-west-1\", \"system\": \"datomic-eu\" }"
            )
        );

        var pipeline = templates["inventory-pipeline"];
        pipeline["Conditions"]!["HasFirstTarget"]!.ToJsonString().ShouldBe("""{"Fn::Not":[{"Fn::Equals":["",""]}]}""");
        pipeline["Conditions"]!["HasSecondTarget"]!.ToJsonString().ShouldBe("""{"Fn::Not":[{"Fn::Equals":["dev-eu",""]}]}""");
        var second = pipeline["Resources"]!["Pipeline"]!["Properties"]!["Stages"]![2]!.ToJsonString();
        second.ShouldContain("deployer-dev-AnswerJob");
        second.ShouldContain("\"Target\":{\"Fn::If\":[\"HasSecondTarget\",\"dev-eu\",\"dev\"]}");
        templates["deployer-inventory-dev-eu"].ToJsonString().ShouldContain("datomic-eu");
        templates
            .Keys.Where(stack => stack.EndsWith("-build", StringComparison.Ordinal))
            .ShouldBe(["deployer-inventory-dev-build", "deployer-inventory-prod-build"], ignoreOrder: true);
        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, "cdk.out", "manifest.json")))!["artifacts"]!;
        manifest["deployer-inventory-dev-eu"]!["properties"]!["stackName"]!.GetValue<string>().ShouldBe("deployer-inventory-dev");
        manifest["deployer-inventory-dev-eu"]!["environment"]!.GetValue<string>().ShouldBe("aws://111111111111/eu-west-1");
        manifest["deployer-inventory-dev"]!["environment"]!.GetValue<string>().ShouldBe("aws://111111111111/us-east-1");
    }

    /// <summary>The names of a stage's actions that the conditions leave.</summary>
    private static IReadOnlyList<string> Actions(JsonObject template, string place)
    {
        var number = place switch
        {
            "First" => 1,
            "Second" => 2,
            _ => 3,
        };
        var approved = template["Conditions"]![$"{place}IsApproved"]!["Fn::Equals"]!.AsArray();
        var isApproved = approved[0]!.GetValue<string>() == approved[1]!.GetValue<string>();
        var stage = template["Resources"]!["Pipeline"]!["Properties"]!["Stages"]![number]!;
        stage = stage["Fn::If"]?[1] ?? stage;
        return
        [
            .. stage["Actions"]!
                .AsArray()
                .Select(action => action!["Fn::If"] is { } choice ? (isApproved ? choice[1] : choice[2]) : action)
                .Where(action => action!["Name"] is not null)
                .OrderBy(action => action!["RunOrder"]!.GetValue<int>())
                .Select(action => action!["Name"]!.GetValue<string>()),
        ];
    }

    private Dictionary<string, JsonObject> Synthesise(params (string From, string To)[] changes)
    {
        var text = File.ReadAllText(Repository.At("cdk/deployer.json"));
        foreach (var (from, to) in changes)
        {
            text.ShouldContain(from);
            text = text.Replace(from, to, StringComparison.Ordinal);
        }

        var functions = Path.Combine(_folder, "deployer-functions");
        File.WriteAllText(functions, "stands for the executable");
        var file = Path.Combine(_folder, "deployer.json");
        File.WriteAllText(file, text);
        var output = Path.Combine(_folder, "cdk.out");
        var app = new App(new AppProps { Outdir = output });
        Program.AddStacks(app, Configuration.Read(file) with { Functions = functions });
        app.Synth();
        return Directory
            .GetFiles(output, "*.template.json")
            .ToDictionary(
                path => Path.GetFileName(path)[..^".template.json".Length],
                path => JsonNode.Parse(File.ReadAllText(path))!.AsObject(),
                StringComparer.Ordinal
            );
    }
}
