using YamlDotNet.RepresentationModel;

namespace Deployer.Cdk.Tests;

// The CDK speaks with one process of Node over one pipe.
[Collection("CDK")]
public sealed class StacksTests(SynthesisedStacks stacks) : IClassFixture<SynthesisedStacks>
{
    [Fact]
    public void Every_stack_of_the_configuration_is_there_and_no_other() =>
        stacks.Files.Keys.ShouldBe(
            [
                "deployer-dev",
                "deployer-stage",
                "deployer-prod",
                "deployer-target-dev",
                "deployer-target-stage",
                "deployer-target-prod",
                "deployer-inventory-dev",
                "deployer-inventory-stage",
                "deployer-inventory-prod",
                "deployer-inventory-dev-build",
                "deployer-inventory-stage-build",
                "deployer-inventory-prod-build",
                "inventory-pipeline",
            ],
            ignoreOrder: true
        );

    [Theory]
    [InlineData("deployer-prod", "template.yaml")]
    [InlineData("deployer-target-dev", "templates/target.yaml")]
    [InlineData("deployer-inventory-dev", "templates/service-access.yaml")]
    [InlineData("deployer-inventory-dev-build", "templates/service-build.yaml")]
    [InlineData("inventory-pipeline", "templates/pipeline.yaml")]
    public void A_stack_has_the_resources_and_outputs_of_its_template_and_no_other(string stack, string template)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(Path.Combine(Repository.Root, template))));
        var root = (YamlMappingNode)yaml.Documents[0].RootNode;
        var synthesised = stacks.Template(stack);

        synthesised["Resources"]!
            .AsObject()
            .Select(resource => $"{resource.Key} {resource.Value!["Type"]}")
            .ShouldBe(Entries("Resources").Select(resource => $"{resource.Key} {resource.Value["Type"]}"), ignoreOrder: true);
        (synthesised["Outputs"]?.AsObject().Select(output => output.Key) ?? []).ShouldBe(
            Entries("Outputs").Select(output => (string)output.Key!),
            ignoreOrder: true
        );

        IEnumerable<KeyValuePair<YamlNode, YamlNode>> Entries(string section) =>
            root.Children.TryGetValue(section, out var found) ? (YamlMappingNode)found : [];
    }

    [Theory]
    [InlineData("deployer-prod")]
    [InlineData("deployer-target-dev")]
    [InlineData("deployer-inventory-dev")]
    [InlineData("deployer-inventory-dev-build")]
    [InlineData("inventory-pipeline")]
    public void A_template_is_as_its_snapshot(string stack)
    {
        var path = Path.Combine(Repository.Root, "tests", "cdk", "Snapshots", $"{stack}.json");
        if (System.Environment.GetEnvironmentVariable("DEPLOYER_APPROVE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, stacks.Text(stack));
        }

        stacks.Text(stack).ShouldBe(File.ReadAllText(path), "look at the difference, then write it anew with DEPLOYER_APPROVE=1");
    }

    [Fact]
    public void Code_and_definitions_are_assets()
    {
        var resources = stacks.Template("deployer-dev")["Resources"]!.AsObject();
        var functions = Properties("AWS::Serverless::Function");
        var machines = Properties("AWS::Serverless::StateMachine");

        functions.Count.ShouldBeGreaterThan(15);
        functions.Select(function => function["CodeUri"]!.ToJsonString()).Distinct().ShouldHaveSingleItem().ShouldContain("Bucket");
        machines.Count.ShouldBe(2);
        machines.Select(machine => machine["DefinitionUri"]!.ToJsonString()).Distinct().Count().ShouldBe(2);

        List<System.Text.Json.Nodes.JsonNode> Properties(string type) =>
            [.. resources.Where(resource => (string?)resource.Value!["Type"] == type).Select(resource => resource.Value!["Properties"]!)];
    }

    [Fact]
    public void Synthesised_again_every_template_is_the_same()
    {
        var again = stacks.Synthesise("again");

        again.Keys.ShouldBe(stacks.Files.Keys, ignoreOrder: true);
        foreach (var (stack, path) in again)
        {
            File.ReadAllText(path).ShouldBe(File.ReadAllText(stacks.Files[stack]));
        }
    }

    [Fact]
    public async Task The_templates_have_no_errors_for_cfn_lint()
    {
        Assert.SkipUnless(
            Programs.OnPath("cfn-lint"),
            "cfn-lint is not installed, so the synthesised templates were compared with nothing"
        );

        var (exit, output) = await Programs.Run("cfn-lint", ["--non-zero-exit-code", "error", "--", .. stacks.Files.Values]);

        exit.ShouldBe(0, output);
    }

    /// <summary>By AWS's own SAM translator, which comes with cfn-lint, as CloudFormation's transform runs it.</summary>
    [Fact]
    public async Task The_SAM_translator_takes_the_templates_and_leaves_nothing_of_its_own()
    {
        const string Translate = """
            import json, os, sys
            os.environ['AWS_DEFAULT_REGION'] = 'us-east-1'
            try:
                from samtranslator.parser.parser import Parser
                from samtranslator.translator.translator import Translator
            except ImportError as missing:
                print(missing)
                sys.exit(77)
            for path in sys.argv[1:]:
                template = json.load(open(path))
                translated = Translator({}, Parser()).translate(template, {}, passthrough_metadata=True)
                kinds = [resource['Type'] for resource in translated['Resources'].values()]
                print(os.path.basename(path), kinds.count('AWS::Lambda::Function'), sum('::Serverless::' in kind for kind in kinds))
            """;
        Assert.SkipUnless(
            Programs.OnPath("python3"),
            "the program python3 is not installed, so the synthesised templates do not go through the SAM translator"
        );

        var (exit, output) = await Programs.Run("python3", ["-c", Translate, .. stacks.Files.Values]);

        Assert.SkipWhen(exit == 77, $"the synthesised templates do not go through the SAM translator, which comes with cfn-lint: {output}");
        exit.ShouldBe(0, output);
        output
            .Split('\n')
            // Beside what the translator says of its own metrics.
            .Where(line => line.Contains(".template.json ", StringComparison.Ordinal))
            .ShouldBe(
                stacks.Files.Keys.Select(stack =>
                    $"{stack}.template.json {stacks.Template(stack)["Resources"]!.AsObject().Count(IsFunction)} 0"
                ),
                ignoreOrder: true
            );

        static bool IsFunction(KeyValuePair<string, System.Text.Json.Nodes.JsonNode?> resource) =>
            (string?)resource.Value!["Type"] is "AWS::Serverless::Function" or "AWS::Lambda::Function";
    }
}
