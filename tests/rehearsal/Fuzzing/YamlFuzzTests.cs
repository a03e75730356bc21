using System.Text;
using Deployer.Rehearsal.Accounts;
using Deployer.Rehearsal.CloudFormation.Templates.Support;
using Deployer.Rehearsal.CodeBuild.Buildspecs;
using Deployer.Rehearsal.People;
using Deployer.Tests.Fuzzing;

namespace Deployer.Rehearsal.Tests.Fuzzing;

/// <summary>Whatever a YAML file holds that a rehearsal reads, it is read or refused as its readers refuse one.</summary>
public sealed class YamlFuzzTests : IDisposable
{
    private const string Accounts = """
        tools: { account: "111111111111", region: eu-central-1 }
        pipeline: deployer
        templates: t
        stacks:
          - account: target
            stack: network-${target}
            template: network.yaml
            parameters: { Size: "3", Imported: !ImportValue name }
        ions:
          - { group: g, application: a, revision: r, lambdas: { f: { fn: a/b } } }
        """;

    private const string Schedule = """
        people: { bob: { may: [ "states:StopExecution" ] } }
        schedule:
          - { who: bob, when: { begins: group }, do: { redrive: { deployment: 2 } } }
          - who: bob
            when: { at: 1h2m3.5s }
            do: stop
        """;

    private const string Buildspec = """
        version: 0.2
        env: { shell: bash, variables: { A: b } }
        phases:
          build: { on-failure: ABORT, commands: [ make, "echo 'x'" ] }
        artifacts: { files: [ "**/*" ], base-directory: out }
        """;

    private static readonly string[] Tokens =
    [
        "[",
        "]",
        "{",
        "}",
        ": ",
        ", ",
        "- ",
        "? ",
        "&a ",
        "*a",
        "&a [ *a ]",
        "? &a [ *a ]\n: 1\n",
        "? &a { *a : 1 }\n: 1\n",
        "!t ",
        "!!binary ",
        "!<",
        "|\n",
        ">-\n  ",
        "'",
        "\"",
        "#",
        "%",
        "---\n",
        "...\n",
        "\t",
        "\r",
        "\n  ",
        "<<: *a",
        "~",
        "\0",
        "\uFEFF",
        "\ud800",
        "${",
        "99999999999999999999",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-yaml-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(Accounts)]
    [InlineData(Schedule)]
    [InlineData(Buildspec)]
    public Task Files_are_read_or_refused(string text) => Fuzz.ForEachSeed(mutator => ReadOrRefused(mutator.Text(text, Tokens)));

    [Theory]
    [InlineData("schedule: {")]
    [InlineData("{\n")]
    [InlineData("a: {b: c\nd: e\n")]
    [InlineData("a: [\n")]
    [InlineData("a: \"b\n")]
    [InlineData("a: {b: [c}\n")]
    [InlineData("? &a [ *a ]\n: 1\n")]
    [InlineData("&a ? { *a : 1 }\n: 1\n")]
    [InlineData(
        "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
            + "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n"
            + "? [*f,*f,*f,*f,*f,*f,*f,*f,*f]\n: g\n"
    )]
    public void What_is_no_YAML_is_refused_with_its_place_by_every_reader(string text)
    {
        Should.Throw<AccountsFileException>(() => ReadAccounts("accounts", text)).Place.ShouldNotBeNull().Line.ShouldBePositive();
        Should.Throw<AccountsFileException>(() => ReadAccounts("custom-resources", text)).Place.ShouldNotBeNull().Column.ShouldBePositive();
        Should.Throw<ScheduleException>(() => ReadSchedule(text)).Message.ShouldMatch(@"schedule\.yaml:[1-9][0-9]*:[1-9][0-9]*: ");
        Should.Throw<BuildspecException>(() => BuildspecReader.Read(text)).Message.ShouldMatch("line [1-9]");
        TemplateSupport.Check("t.yaml", text).ShouldBeEmpty();
    }

    [Fact]
    public void Names_that_are_equal_in_the_end_are_refused()
    {
        Should
            .Throw<AccountsFileException>(() => ReadAccounts("custom-resources", "Custom::A: {}\nCustom::${one}: {}\n"))
            .Message.ShouldEndWith("custom-resources.yaml:2:1: the key 'Custom::A' is there already; expected each key once");
        Should
            .Throw<BuildspecException>(() =>
                BuildspecReader.Read(Buildspec.Replace("{ A: b }", "{ A: b, !x A: c }", StringComparison.Ordinal))
            )
            .Message.ShouldBe("env.variables: 'A' is there twice");
    }

    private void ReadOrRefused(string text)
    {
        try
        {
            ReadAccounts("accounts", text);
        }
        catch (AccountsFileException)
        {
            // Refused with its place.
        }

        try
        {
            ReadAccounts("custom-resources", text);
        }
        catch (AccountsFileException)
        {
            // Refused with its place.
        }

        try
        {
            ReadSchedule(text);
        }
        catch (ScheduleException)
        {
            // Refused with its place.
        }

        try
        {
            BuildspecReader.Read(text);
        }
        catch (BuildspecException)
        {
            // Refused: the build fails.
        }

        TemplateSupport.Check("t.yaml", text);
    }

    private void ReadAccounts(string name, string text)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "accounts.yaml"), Accounts);
        File.WriteAllBytes(Path.Combine(folder, $"{name}.yaml"), Encoding.UTF8.GetBytes(text));
        AccountsFile.Read(
            Path.Combine(folder, "accounts.yaml"),
            new Dictionary<string, string>
            {
                ["target"] = "dev",
                ["stage"] = "dev",
                ["account"] = "222222222222",
                ["one"] = "A",
            }
        );
    }

    private void ReadSchedule(string text)
    {
        var file = Path.Combine(_folder, "schedule.yaml");
        File.WriteAllBytes(file, Encoding.UTF8.GetBytes(text));
        ScheduleReader.Read(
            file,
            new ScheduleNames(
                new Dictionary<string, IReadOnlyList<string>> { ["group"] = ["PrepareStack"] },
                ["Finish"],
                ["Finish"],
                new Dictionary<string, string> { ["target"] = "dev" }
            )
        );
    }
}
