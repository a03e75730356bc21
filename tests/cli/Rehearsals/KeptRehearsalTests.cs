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

    /// <summary>The deployer of a stage deploys to each target whose name begins with the stage's.</summary>
    [Theory]
    [InlineData("dev-eu", "deployer-dev-deploy", "dev-eu")]
    [InlineData("dev", "deployer-dev-plan", "dev")]
    [InlineData("dev-eu", "deployer-prod-deploy", "prod")]
    public void The_target_of_an_execution_is_the_kept_one_where_the_deployer_is_of_its_stage(string kept, string machine, string target) =>
        new KeptRehearsal("/somewhere", kept, "inventory")
            .TargetOf($"arn:aws:states:us-east-1:222222222222:execution:{machine}:inventory-1")
            .ShouldBe(target);

    [Fact]
    public async Task A_file_in_the_place_of_the_repository_is_refused_before_anything_starts()
    {
        var path = Path.Combine(_state, "repository");
        await File.WriteAllTextAsync(path, "", TestContext.Current.CancellationToken);

        var refused = await Should.ThrowAsync<InvalidInputException>(() => KeptRehearsal.Check(_state, "/somewhere/else", "inventory"));

        refused.Message.ShouldBe($"{path} is a file; expected another folder for --state");
    }
}
