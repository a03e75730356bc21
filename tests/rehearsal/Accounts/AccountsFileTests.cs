using Deployer.Rehearsal.Accounts;

namespace Deployer.Rehearsal.Tests.Accounts;

/// <summary>What a file says that the accounts hold, and where it is wrong.</summary>
public sealed class AccountsFileTests : IDisposable
{
    private const string Start = "tools: { account: \"222222222222\", region: us-east-1 }\npipeline: inventory-pipeline\n";

    private static readonly Dictionary<string, string> Values = new() { ["target"] = "dev", ["system"] = "datomic-dev" };

    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-accounts-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_is_read_for_a_target()
    {
        var file = Read(
            Start
                + "templates: \"code-${tools}\"\n"
                + "stacks:\n"
                + "  - { account: tools, stack: deployer-dev, template: deployer }\n"
                + "  - { account: target, stack: \"${system}\", template: system.yaml, parameters: { A: a, B: !ImportValue other-B } }\n"
                + "ions:\n"
                + "  - { group: \"inventory-${target}\", application: inventory, revision: abc, lambdas: { f: { timeout: \"60\" } } }\n"
        );

        (file.ToolsAccount, file.Region, file.Pipeline).ShouldBe(("222222222222", "us-east-1", "inventory-pipeline"));
        file.PublicBuckets.ShouldBe(["code-222222222222"]);
        file.Stacks.Select(stack => (stack.InTools, stack.Name, stack.Template))
            .ShouldBe([(true, "deployer-dev", "deployer"), (false, "datomic-dev", "system.yaml")]);
        file.Stacks[1].Parameters.ShouldBe(new Dictionary<string, string> { ["A"] = "a", ["B"] = "other-B" });
        file.Stacks[1].Imported.ShouldBe(["B"]);
        var ions = file.Ions.ShouldHaveSingleItem();
        (ions.Group, ions.Application, ions.Revision).ShouldBe(("inventory-dev", "inventory", "abc"));
        ions.Lambdas["f"]["timeout"].ShouldBe("60");
        file.TemplatePath(file.Stacks[0], "/d").ShouldBe(Path.Combine("/d", "template.yaml"));
        file.TemplatePath(file.Stacks[1], "/d").ShouldBe(Path.Combine(_folder, "system.yaml"));
    }

    [Theory]
    [InlineData("stacks: {}", "3:9: expected a list")]
    [InlineData("stacks:\n  - { account: prod, stack: a, template: b }", "4:5: account 'prod'; expected tools or target")]
    [InlineData("stacks:\n  - { account: tools, template: b }", "4:5: expected the key 'stack'")]
    [InlineData(
        "stacks:\n  - { account: tools, stack: \"${sytem}\", template: b }",
        "4:30: ${sytem} is not known; expected one of target, system, tools"
    )]
    [InlineData("{}: [", "4:1: the YAML cannot be read: ")]
    public void What_is_wrong_is_named_with_its_place(string text, string fault) =>
        Should.Throw<AccountsFileException>(() => Read(Start + text)).Message.ShouldContain($"accounts.yaml:{fault}");

    [Fact]
    public void Of_a_file_that_is_no_YAML_it_says_what_is_expected() =>
        Should.Throw<AccountsFileException>(() => Read(Start + "{}: [")).Message.ShouldEndWith("; expected valid YAML");

    [Fact]
    public void A_file_that_is_missing_is_named() =>
        Should
            .Throw<AccountsFileException>(() => AccountsFile.Read(Path.Combine(_folder, "accounts.yaml"), Values))
            .Message.ShouldEndWith("accounts.yaml: there is no such file; expected what the accounts hold before a rehearsal");

    [Fact]
    public void What_custom_resources_answer_lies_beside_it()
    {
        WriteAnswers("Custom::Thing: { physicalId: \"${target}-thing\", outputs: { Arn: a, Names: [b, c] } }\n");

        var file = Read(Start + "stacks: []\n");

        file.CustomResourceEntries["Custom::Thing"].Line.ShouldBe(1);
        WriteAnswers("Custom::Thing: { physicalId: a, output: { Arn: a } }\n");
        Should
            .Throw<AccountsFileException>(() => Read(Start + "stacks: []\n"))
            .Message.ShouldContain("custom-resources.yaml:1:33: unknown key 'output'; expected physicalId or outputs");
    }

    private void WriteAnswers(string text) => File.WriteAllText(Path.Combine(_folder, AccountsFile.CustomResourcesFile), text);

    private AccountsFile Read(string text)
    {
        var path = Path.Combine(_folder, "accounts.yaml");
        File.WriteAllText(path, text);
        return AccountsFile.Read(path, Values);
    }
}
