using System.Diagnostics;
using Deployer.Cli.Output;
using Deployer.Cli.Rehearsals;

namespace Deployer.Cli.Tests.Rehearsals;

public sealed class KeptRehearsalTests : IDisposable
{
    private readonly string _state = Directory.CreateTempSubdirectory("deployer-").FullName;

    public void Dispose() => Directory.Delete(_state, recursive: true);

    [Theory]
    [InlineData("rehearsal.json", true)]
    [InlineData("rehearsal.json", false)]
    [InlineData("rehearsal.json.new", true)]
    [InlineData("rehearsal.json.new", false)]
    public async Task A_pipe_or_folder_in_the_place_of_a_file_is_refused_before_anything_starts(string name, bool isPipe)
    {
        var path = Path.Combine(_state, name);
        using (var made = Process.Start(isPipe ? "mkfifo" : "mkdir", [path]))
        {
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var refused = await Should.ThrowAsync<InvalidInputException>(() =>
            KeptRehearsal
                .Check(_state, "/somewhere/else", "inventory")
                .WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)
        );

        refused.Message.ShouldBe($"{path} is no regular file; expected another folder for --state");
    }

    [Fact]
    public async Task A_file_in_the_place_of_the_repository_is_refused_before_anything_starts()
    {
        var path = Path.Combine(_state, "repository");
        await File.WriteAllTextAsync(path, "", TestContext.Current.CancellationToken);

        var refused = await Should.ThrowAsync<InvalidInputException>(() => KeptRehearsal.Check(_state, "/somewhere/else", "inventory"));

        refused.Message.ShouldBe($"{path} is a file; expected another folder for --state");
    }
}
