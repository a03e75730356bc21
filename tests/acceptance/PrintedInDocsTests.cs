using System.Text.RegularExpressions;
using Deployer.Acceptance.Tests.Running;

namespace Deployer.Acceptance.Tests;

/// <summary>What README and docs/rehearsing.md say is printed is what the command of README prints.</summary>
public sealed partial class PrintedInDocsTests : IAsyncLifetime
{
    private readonly TemporaryFolder _state = new();
    private string _printed = string.Empty;

    public async ValueTask InitializeAsync()
    {
        // The command as README has it, with the service's folder and the accounts' where the test has them.
        const string Start = "    dotnet run --project cli -- ";
        var command = (await Page("README.md")).Single(line => line.StartsWith(Start, StringComparison.Ordinal));
        var words = command[Start.Length..].Split(' ').Select(word => Place(word) ?? word);
        var result = await CommandLine.InProcess([.. words]);
        result.ExitCode.ShouldBe(1, result.Terminal);
        _printed = result.Terminal.ReplaceLineEndings("\n").Replace(_state.Path, "accounts", StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync()
    {
        _state.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_first_screen_of_README_is_what_the_command_of_README_prints()
    {
        var written = await Block("README.md", "✗ inventory to dev:");

        Comparable(written).ShouldBe(Comparable(_printed[_printed.IndexOf("✗ inventory to dev:", StringComparison.Ordinal)..]));
    }

    [Fact]
    public async Task The_progress_in_the_docs_is_what_the_command_of_README_prints()
    {
        var written = await Block("docs/rehearsing.md", "preparing the accounts");

        written.ShouldBe(_printed[.._printed.IndexOf("✗ inventory to dev:", StringComparison.Ordinal)].Trim());
    }

    /// <summary>Where the test has what README names relative to the repository.</summary>
    private string? Place(string word) =>
        word switch
        {
            "accounts" => _state.Path,
            "examples/inventory" => CommandLine.Inventory,
            _ => null,
        };

    /// <summary>Without what differs from machine to machine: the wall clock, how the functions run, where the program is.</summary>
    private static string Comparable(string printed) =>
        Program().Replace(Host().Replace(WallTime().Replace(printed, "(wall time)"), "(host)"), "  deployer redrive").Trim();

    /// <summary>A block of code, from a line that contains a text to the block's end, with its indentation taken away.</summary>
    private static async Task<string> Block(string page, string start)
    {
        var lines = (await Page(page))
            .SkipWhile(line => !line.Contains(start, StringComparison.Ordinal))
            .TakeWhile(line => line.Length == 0 || line.StartsWith("    ", StringComparison.Ordinal));
        return string.Join('\n', lines.Select(line => line.Length == 0 ? line : line[4..])).Trim();
    }

    private static Task<string[]> Page(string page) => File.ReadAllLinesAsync(Path.Combine(Repository.Root, page));

    [GeneratedRegex(@"\(\d+\.\d s\)")]
    private static partial Regex WallTime();

    [GeneratedRegex(@"\((in-process|executable|native)\)")]
    private static partial Regex Host();

    [GeneratedRegex(@"  \S*deployer redrive")]
    private static partial Regex Program();
}
