using System.Text.Json.Nodes;
using Deployer.Functions.Tests.StateMachines;
using Deployer.Rehearsal.CloudFormation.Templates;

namespace Deployer.Functions.Tests.Sam;

/// <summary>The template through AWS's own SAM translator, which comes with cfn-lint, and through the one that rehearsals use.</summary>
public sealed class SamTranslatorTests
{
    /// <summary>The local paths are replaced first, as <c>sam package</c> does.</summary>
    private const string Translate = """
        import json, os, sys
        os.environ['AWS_DEFAULT_REGION'] = 'us-east-1'
        try:
            from samtranslator.parser.parser import Parser
            from samtranslator.translator.translator import Translator
            from samtranslator.yaml_helper import yaml_parse
        except ImportError as missing:
            print(missing)
            sys.exit(77)
        template = yaml_parse(open(sys.argv[1]).read())
        if 'Transform' not in template:
            before = json.dumps(template['Resources'], sort_keys=True)
            after = Translator({}, Parser()).translate(template, {}, passthrough_metadata=True)
            print(json.dumps({'same': json.dumps(after['Resources'], sort_keys=True) == before}))
            sys.exit(0)
        template['Globals']['Function']['CodeUri'] = {'Bucket': 'packages', 'Key': 'functions'}
        for resource in template['Resources'].values():
            if resource['Type'] == 'AWS::Serverless::StateMachine':
                resource['Properties']['DefinitionUri'] = {'Bucket': 'packages', 'Key': 'machine'}
        print(json.dumps(Translator({}, Parser()).translate(template, {}, passthrough_metadata=True)))
        """;

    [Fact]
    public async Task The_translator_makes_a_function_of_each_function_and_adds_nothing()
    {
        var translated = (await Translated())["Resources"]!.AsObject();

        translated
            .Select(resource => $"{resource.Key}: {resource.Value!["Type"]}")
            .Order()
            .ShouldBe(Product.Resources().Select(resource => $"{resource.Id}: {TypeAfterTranslation(resource.Type)}").Order());
        var functions = translated
            .Where(resource => resource.Value!["Type"]!.GetValue<string>() == "AWS::Lambda::Function")
            .Select(resource => resource.Value!["Properties"]!)
            .ToList();
        functions.ShouldAllBe(function =>
            function["Runtime"]!.GetValue<string>() == "provided.al2023" && function["Handler"]!.GetValue<string>() == "bootstrap"
        );
        functions.ShouldAllBe(function => function["Code"]!["S3Key"]!.GetValue<string>() == "functions");
        functions.ShouldAllBe(function =>
            function["Environment"]!["Variables"]!["DEPLOYER_TABLE"] != null
            && function["Environment"]!["Variables"]!["ANNOTATIONS_HANDLER"] != null
        );
        functions.Select(function => function["Role"]!["Fn::GetAtt"]![0]!.GetValue<string>()).ShouldBeUnique();
        translated["DeployMachine"]!["Properties"]!["DefinitionS3Location"]!["Key"]!.GetValue<string>().ShouldBe("machine");
    }

    [Fact]
    public async Task The_rehearsal_makes_the_same_resources_of_it()
    {
        var theirs = (await Translated())["Resources"]!.AsObject();
        var packaged = LocalArtifacts.Replace(
            TemplateText.Read(await File.ReadAllTextAsync(Product.TemplateFile, TestContext.Current.CancellationToken)),
            artifact => new S3Location("packages", artifact.Property == "CodeUri" ? "functions" : "machine")
        );
        var ours = Transforms.Apply(Template.From(packaged)).Root["Resources"]!.AsObject();

        ours.Select(resource => resource.Key).ShouldBe(theirs.Select(resource => resource.Key), ignoreOrder: true);
        foreach (var (id, resource) in ours)
        {
            JsonNode.DeepEquals(resource, theirs[id]).ShouldBeTrue($"{id} is\n{resource}\nand for the translator\n{theirs[id]}");
        }
    }

    /// <summary>They are plain CloudFormation, and stay so where they are deployed with SAM.</summary>
    [Theory]
    [InlineData("target")]
    [InlineData("service-access")]
    [InlineData("service-build")]
    [InlineData("pipeline")]
    [InlineData("transactor")]
    public async Task The_translator_changes_nothing_of_the_other_templates(string template) =>
        (await Translated(Product.FurtherTemplate(template)))["same"]!.GetValue<bool>().ShouldBeTrue();

    private static Task<JsonObject> Translated() => Translated(Product.TemplateFile);

    private static async Task<JsonObject> Translated(string file)
    {
        Assert.SkipUnless(
            Programs.OnPath("python3"),
            "the program python3 is not installed, so the template does not go through the SAM translator"
        );
        var (exit, output) = await Programs.Run("python3", ["-c", Translate, file]);
        Assert.SkipWhen(exit == 77, $"the template does not go through the SAM translator, which comes with cfn-lint: {output}");
        exit.ShouldBe(0, output);
        return JsonNode.Parse(output)!.AsObject();
    }

    private static string TypeAfterTranslation(string type) =>
        type == "AWS::Serverless::Function"
            ? "AWS::Lambda::Function"
            : type.Replace("::Serverless::", "::StepFunctions::", StringComparison.Ordinal);
}
