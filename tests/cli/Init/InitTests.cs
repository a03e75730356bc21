using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Deployer.Cli.Tests.Init;

/// <summary>A first deployer.yaml, by processes; what runs in an account is read in <see cref="RunningGroupTests"/>.</summary>
public sealed class InitTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-init-").FullName;

    private string Service => Path.Combine(_folder, "orders");

    [Fact]
    public async Task Options_give_a_file_that_is_valid_and_is_not_written_over()
    {
        string[] init =
        [
            "init",
            Service,
            "--service",
            "orders",
            "--target",
            "dev",
            "--account",
            "111111111111",
            "--region",
            "us-east-1",
            "--system",
            "datomic-dev",
        ];

        var written = await DeployerProcess.Run(init);
        var validated = await DeployerProcess.Run("validate", Service);
        var again = await DeployerProcess.Run(init);

        written.ExitCode.ShouldBe(0, written.Error);
        written.Output.ShouldContain("is valid");
        written.Output.TrimEnd().ShouldEndWith("deployer bootstrap tools --stage dev --parameter AllowedTargets=111111111111");
        validated.ExitCode.ShouldBe(0, validated.Output + validated.Error);
        var file = await File.ReadAllTextAsync(Path.Combine(Service, "deployer.yaml"), TestContext.Current.CancellationToken);
        file.ShouldContain("service: orders\n");
        file.ShouldContain("    stack: \"orders-${target}\"\n");
        again.ExitCode.ShouldBe(2);
        again.Error.Words().ShouldContain("deployer.yaml already exists");
    }

    [Fact]
    public async Task What_no_option_says_is_asked()
    {
        using var process = Process.Start(
            DeployerProcess.Start("init", Service, "--account", "111111111111", "--region", "us-east-1", "--json", "-")
        )!;
        foreach (var answer in new[] { "orders", "dev", "datomic-dev" })
        {
            await process.StandardInput.WriteLineAsync(answer);
        }

        process.StandardInput.Close();
        var written = await DeployerProcess.Finish(process);

        written.ExitCode.ShouldBe(0, written.Error);
        var report = JsonNode.Parse(written.Output)!;
        report["files"]!.AsArray().Select(file => file!.GetValue<string>()).ShouldBe([Path.Combine(Service, "deployer.yaml")]);
        report["next"]![0]!["command"]!.GetValue<string>().ShouldContain(" bootstrap tools --stage dev ");
        written.Error.ShouldContain("The Datomic system (--system):");
        (await DeployerProcess.Run("validate", Service)).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task The_repository_and_its_connection_are_asked_too_and_may_be_left_out()
    {
        const string Connection = "arn:aws:codeconnections:us-east-1:222222222222:connection/3f2504e0-4f89-41d3-9a0c-0305e82c3301";
        using var process = Process.Start(
            DeployerProcess.Start("init", Service, "--service", "orders", "--account", "111111111111", "--region", "us-east-1")
        )!;
        foreach (var answer in new[] { "dev", "datomic-dev", "https://github.com/acme/orders", Connection })
        {
            await process.StandardInput.WriteLineAsync(answer);
        }

        process.StandardInput.Close();
        var written = await DeployerProcess.Finish(process);

        written.ExitCode.ShouldBe(0, written.Error);
        written.Error.ShouldContain("The address of the service's repository (--repository, empty for none):");
        var file = await File.ReadAllTextAsync(Path.Combine(Service, "deployer.yaml"), TestContext.Current.CancellationToken);
        file.ShouldContain("https://github.com/acme/orders");
        file.ShouldContain(Connection);
    }

    [Fact]
    public async Task What_nobody_answers_is_named()
    {
        using var process = Process.Start(DeployerProcess.Start("init", Service))!;
        process.StandardInput.Close();
        var refused = await DeployerProcess.Finish(process);

        refused.ExitCode.ShouldBe(2);
        refused.Error.Words().ShouldContain("the service's name is missing; expected --service");
        Directory.Exists(Service).ShouldBeFalse();
    }

    /// <summary>Nothing more is asked of whoever has to begin anew.</summary>
    [Fact]
    public async Task An_answer_that_is_no_account_is_refused_before_the_next_question()
    {
        using var process = Process.Start(DeployerProcess.Start("init", Service, "--service", "orders", "--target", "dev"))!;
        await process.StandardInput.WriteLineAsync("12");
        var refused = await DeployerProcess.Finish(process);

        refused.ExitCode.ShouldBe(2);
        refused.Error.Words().ShouldEndWith("(--account): --account is '12', which is no account; expected 12 digits");
    }

    /// <summary>Its answer is not waited for: that took until a second interruption, which says nothing.</summary>
    [Fact]
    public async Task A_question_that_is_interrupted_ends_at_once_with_one_word()
    {
        using var process = Process.Start(DeployerProcess.Start("init", Service))!;
        var asked = await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);
        Process.Start("kill", ["-INT", $"{process.Id}"]).WaitForExit();
        var ended = await DeployerProcess.Finish(process);

        asked.ShouldBe("The service's name (--service):");
        (ended.ExitCode, ended.Error.Words()).ShouldBe((130, "interrupted"));
        Directory.Exists(Service).ShouldBeFalse();
    }

    [Theory]
    [InlineData("--account", "12", "account")]
    [InlineData("--service", "Orders", "service")]
    [InlineData("--system", "a${b", "system")]
    public async Task A_wrong_answer_leaves_nothing_behind_and_the_corrected_command_works(string option, string wrong, string named)
    {
        var answers = new Dictionary<string, string>
        {
            ["--service"] = "orders",
            ["--target"] = "dev",
            ["--account"] = "111111111111",
            ["--region"] = "us-east-1",
            ["--system"] = "datomic-dev",
        };
        var right = answers[option];
        answers[option] = wrong;
        var refused = await Init();
        answers[option] = right;

        refused.ExitCode.ShouldBe(2);
        refused.Error.ShouldContain(named);
        Directory.Exists(Service).ShouldBeFalse();
        (await Init()).ExitCode.ShouldBe(0);

        Task<Finished> Init() =>
            DeployerProcess.Run(["init", Service, .. answers.SelectMany(answer => new[] { answer.Key, answer.Value })]);
    }

    [Fact]
    public async Task What_is_in_the_folder_stays_where_an_answer_is_wrong()
    {
        Directory.CreateDirectory(Service);
        await File.WriteAllTextAsync(Path.Combine(Service, "deps.edn"), "{}", TestContext.Current.CancellationToken);

        var refused = await DeployerProcess.Run([
            "init",
            Service,
            "--service",
            "Orders",
            "--target",
            "dev",
            "--account",
            "1",
            "--region",
            "us-east-1",
            "--system",
            "s",
        ]);

        refused.ExitCode.ShouldBe(2);
        Directory.GetFileSystemEntries(Service).ShouldBe([Path.Combine(Service, "deps.edn")]);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
