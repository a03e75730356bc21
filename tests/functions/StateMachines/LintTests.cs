using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deployer.Functions.Tests.StateMachines;

/// <summary>The linter does not look into <c>DefinitionUri</c>; so each machine is put into a template of its own first.</summary>
public sealed class LintTests
{
    private const string Program = "cfn-lint";

    public static TheoryData<string> Machines => [.. Product.Machines];

    [Theory]
    [MemberData(nameof(Machines))]
    public async Task Every_machine_passes_the_linter(string machine) => (await Lint(Product.Machine(machine))).ShouldBe((0, string.Empty));

    [Fact]
    public async Task The_template_passes_the_linter_without_a_warning()
    {
        SkipUnlessInstalled();

        (await Programs.Run(Program, ["--include-checks", "W", "--", Product.TemplateFile])).ShouldBe((0, string.Empty));
    }

    [Theory]
    [InlineData("target")]
    [InlineData("service-access")]
    [InlineData("service-build")]
    [InlineData("pipeline")]
    public async Task The_other_templates_pass_the_linter_without_a_warning(string template)
    {
        SkipUnlessInstalled();

        (await Programs.Run(Program, ["--include-checks", "W", "--", Product.FurtherTemplate(template)])).ShouldBe((0, string.Empty));
    }

    [Theory]
    [InlineData("examples/triggers/after-pipeline")]
    [InlineData("examples/triggers/schedule")]
    [InlineData("examples/triggers/native-action-role")]
    [InlineData("examples/ci/operator")]
    [InlineData("build/release.project")]
    public async Task The_templates_of_examples_and_of_the_release_pass_the_linter_without_a_warning(string template)
    {
        SkipUnlessInstalled();

        (await Programs.Run(Program, ["--include-checks", "W", "--", Repository.At($"{template}.yaml")])).ShouldBe((0, string.Empty));
    }

    [Fact]
    public async Task A_broken_machine_is_caught()
    {
        var machine = Product.Machine("deploy");
        machine["States"]!["Plan"]!["Next"] = "Nowhere";
        machine["States"]!["Finish"]!.AsObject().Remove("Resource");

        (await Lint(machine)).ExitCode.ShouldNotBe(0);
    }

    private static async Task<(int ExitCode, string Output)> Lint(JsonObject machine)
    {
        SkipUnlessInstalled();
        var definition = JsonNode.Parse(
            System.Text.RegularExpressions.Regex.Replace(
                machine.ToJsonString(),
                @"\$\{\w+\}",
                "arn:aws:lambda:us-east-1:111111111111:function:placeholder",
                System.Text.RegularExpressions.RegexOptions.None,
                TimeSpan.FromSeconds(5)
            )
        );
        var template = new JsonObject
        {
            ["AWSTemplateFormatVersion"] = "2010-09-09",
            ["Resources"] = new JsonObject
            {
                ["Machine"] = new JsonObject
                {
                    ["Type"] = "AWS::StepFunctions::StateMachine",
                    ["Properties"] = new JsonObject { ["RoleArn"] = "arn:aws:iam::111111111111:role/machine", ["Definition"] = definition },
                },
            },
        };
        var file = Path.GetTempFileName() + ".json";
        await File.WriteAllTextAsync(file, template.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        try
        {
            return await Programs.Run(Program, [file]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void SkipUnlessInstalled() =>
        Assert.SkipUnless(Programs.OnPath(Program), $"the program {Program} is not installed, so no machine and no template is linted");
}
