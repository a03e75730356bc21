using Deployer.Rehearsal.Processes;

namespace Deployer.Rehearsal.Tests.Processes;

public sealed class NamedPipeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_is_written_is_read_at_the_other_end_by_name()
    {
        var path = Path.Combine(_folder, "prüfung");
        NamedPipe.Make(path);
        await using var both = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);

        await File.AppendAllTextAsync(path, "line\n", TestContext.Current.CancellationToken);

        using var reader = new StreamReader(both);
        (await reader.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBe("line");
    }

    [Fact]
    public void Where_something_is_none_is_made_and_the_path_is_named()
    {
        var path = Path.Combine(_folder, "file");
        File.WriteAllText(path, string.Empty);

        Should.Throw<IOException>(() => NamedPipe.Make(path)).Message.ShouldStartWith($"{path} cannot be made: ");
    }
}
