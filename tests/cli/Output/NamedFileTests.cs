using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Deployer.Cli.Tests.Output;

/// <summary>Files that the command line names, and that are none: one sentence, at once, and nothing is started.</summary>
public sealed class NamedFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-named-").FullName;

    [Theory]
    [InlineData("validate", "--json")]
    [InlineData("validate", "--user-parameters")]
    [InlineData("rehearse", "--json", "--target", "dev")]
    [InlineData("rehearse", "--faults", "--target", "dev")]
    [InlineData("rehearse", "--schedule", "--target", "dev")]
    [InlineData("rehearse", "--state", "--target", "dev")]
    public async Task A_pipe_is_not_waited_for(string command, string option, params string[] options)
    {
        var pipe = Path.Combine(_folder, "pipe");
        using (var made = Process.Start("mkfifo", [pipe]))
        {
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await ShouldBeRefused("expected a f", command, option, pipe, options);
    }

    [Theory]
    [InlineData("validate", "--json")]
    [InlineData("validate", "--user-parameters")]
    [InlineData("rehearse", "--json", "--target", "dev")]
    [InlineData("rehearse", "--state", "--target", "dev")]
    public async Task A_link_to_itself_is_refused(string command, string option, params string[] options)
    {
        var link = Path.Combine(_folder, "link");
        File.CreateSymbolicLink(link, link);

        await ShouldBeRefused("link", command, option, link, options);
    }

    [Theory]
    [InlineData("validate", "--user-parameters", "nosuch/file", "there is no such file")]
    [InlineData("validate", "--user-parameters", "nosuch", "there is no such file")]
    [InlineData("validate", "--user-parameters", "/", "it is a folder; expected a file")]
    [InlineData("validate", "--user-parameters", "", "it has no name; expected a file")]
    [InlineData("rehearse", "--faults", "nosuch", "there is no such file", "--target", "dev")]
    [InlineData("rehearse", "--faults", "/", "it is a folder; expected a file", "--target", "dev")]
    public async Task A_file_that_cannot_be_read_is_refused_in_our_own_words(
        string command,
        string option,
        string file,
        string problem,
        params string[] options
    )
    {
        var run = await DeployerProcess.Run([command, Repository.Example, option, file, .. options]);

        run.ExitCode.ShouldBe(2, run.Output + run.Error);
        run.Output.ShouldBe("");
        run.Error.ShouldBe($"{option} {file}".TrimEnd() + $" cannot be read: {problem}\n");
    }

    [Theory]
    [InlineData("validate", "--json", "it has no name")]
    [InlineData("rehearse", "--state", "--state is an empty text; expected a folder", "--target", "dev")]
    public Task An_empty_name_is_refused(string command, string option, string problem, params string[] options) =>
        ShouldBeRefused(problem, command, option, "", options);

    [Fact]
    public async Task An_empty_folder_of_a_service_is_refused()
    {
        var run = await DeployerProcess.Run("validate", "");

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldStartWith("SERVICE is an empty text; expected a folder\n");
    }

    /// <summary>A device that is a full disk: https://man7.org/linux/man-pages/man4/full.4.html.</summary>
    [Theory]
    [InlineData("rehearse", false)]
    [InlineData("rehearse", true)]
    [InlineData("plan", false)]
    public async Task A_document_that_can_hold_nothing_is_refused_before_anything_starts(string command, bool isLink)
    {
        var path = isLink ? Path.Combine(_folder, "out.json") : "/dev/full";
        if (isLink)
        {
            File.CreateSymbolicLink(path, "/dev/full");
        }

        await ShouldBeRefused($"--json '{path}' cannot be written: ", command, "--json", path, ["--target", "dev"]);
    }

    [Theory]
    [InlineData("deployer.yaml", "service: inventory\n", "it is there and holds something else than a JSON document")]
    [InlineData("snapshot", "deployer-rehearsal 1\n", "it is there and holds something else than a JSON document")]
    [InlineData("rehearsal.json", "{}", "a file of this name says in a folder of --state whose accounts it keeps")]
    [InlineData("rehearsal.json", null, "a file of this name says in a folder of --state whose accounts it keeps")]
    public async Task What_is_no_document_is_not_written_over(string name, string? content, string problem)
    {
        var path = Path.Combine(_folder, name);
        if (content is not null)
        {
            await File.WriteAllTextAsync(path, content, TestContext.Current.CancellationToken);
        }

        await ShouldBeRefused($"--json '{path}' cannot be written: {problem};", "validate", "--json", path, []);

        File.Exists(path).ShouldBe(content is not null);
        if (content is not null)
        {
            (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).ShouldBe(content);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n { \"verdict\": ")]
    [InlineData("[]")]
    public async Task A_document_of_before_is_written_over(string content)
    {
        var path = Path.Combine(_folder, "out.json");
        await File.WriteAllTextAsync(path, content, TestContext.Current.CancellationToken);

        (await DeployerProcess.Run("validate", Repository.Example, "--json", path)).ExitCode.ShouldBe(0);

        JsonNode.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken))!["verdict"]!
            .GetValue<string>()
            .ShouldBe("valid");
    }

    [Theory]
    [InlineData("rehearse", "--json", "x.json", "--json '{0}' cannot be written: there is no folder {1};", "--target", "dev")]
    [InlineData("plan", "--json", "x.json", "--json '{0}' cannot be written: there is no folder {1};", "--target", "dev")]
    [InlineData("validate", "--json", "x.json", "--json '{0}' cannot be written: there is no folder {1};")]
    [InlineData("rehearse", "--state", "accounts", "--state {0} cannot be used: there is no folder {1}", "--target", "dev")]
    [InlineData("plan", "--state", "accounts", "--state {0} cannot be used: there is no folder {1}", "--target", "dev")]
    public async Task A_name_in_a_folder_that_there_is_not_is_refused_and_nothing_is_made(
        string command,
        string option,
        string name,
        string problem,
        params string[] options
    )
    {
        var folder = Path.Combine(_folder, "none", "deeper");
        var path = Path.Combine(folder, name);

        await ShouldBeRefused(string.Format(CultureInfo.InvariantCulture, problem, path, folder), command, option, path, options);

        Directory.EnumerateFileSystemEntries(_folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_folder_that_cannot_hold_accounts_is_not_said_to_be_in_use()
    {
        var run = await DeployerProcess.Run(
            "rehearse",
            Repository.Example,
            "--target",
            "dev",
            "--in-process",
            "--state",
            "/proc/deployer-state"
        );

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("--state /proc/deployer-state cannot be used: ");
        run.Error.ShouldNotContain("another rehearsal");
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task ShouldBeRefused(string problem, string command, string option, string value, string[] options)
    {
        var run = await DeployerProcess.Run([command, Repository.Example, option, value, .. options]);

        run.ExitCode.ShouldBe(2, run.Output + run.Error);
        run.Output.ShouldBe("");
        run.Error.ReplaceLineEndings(" ").ShouldContain(problem);
        run.Error.ShouldNotContain("   at ");
        run.Error.ShouldNotContain("preparing");
    }
}
