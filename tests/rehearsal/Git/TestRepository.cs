using Deployer.Rehearsal.Git;

namespace Deployer.Rehearsal.Tests.Git;

/// <summary>A git repository in a temporary folder.</summary>
internal sealed class TestRepository : IDisposable
{
    private TestRepository(string folder) => Folder = folder;

    public string Folder { get; }

    public string Commit { get; private set; } = "";

    public static async Task<TestRepository> Create(params (string Path, string Text)[] files)
    {
        var repository = new TestRepository(Directory.CreateTempSubdirectory("deployer-").FullName);
        await repository.Git("init", "--quiet", "--initial-branch=main");
        await repository.Add("first", files);
        return repository;
    }

    public async Task Add(string message, params (string Path, string Text)[] files)
    {
        foreach (var (path, text) in files)
        {
            var full = Path.Combine(Folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            await File.WriteAllTextAsync(full, text);
        }

        await Git("add", "--all");
        await Git("-c", "user.name=Test", "-c", "user.email=test@example.com", "commit", "--quiet", "--message", message);
        Commit = await Git("rev-parse", "HEAD");
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private Task<string> Git(params string[] arguments) => GitCommand.Run(Folder, CancellationToken.None, arguments);
}
