using System.Diagnostics;
using Deployer.Cli.Output;
using Deployer.Cli.Rehearsals;
using Deployer.Spec.Sources;

namespace Deployer.Cli.Tests.Rehearsals;

public sealed class ServiceRepositoryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-repository-").FullName;

    private string Source => Directory.CreateDirectory(Path.Combine(_folder, "source")).FullName;

    private string Repository => Path.Combine(_folder, "repository");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_file_is_in_the_commit_whatever_its_name_and_content()
    {
        byte[] bytes = [0, 10, 13, 255, 10];
        Write("plain.txt", "text without a line end"u8.ToArray());
        Write("empty", []);
        Write("in folders/with \"quotes\" and \u00e4.bin", bytes);

        var commit = await ServiceRepository.Commit(new DiskFolder(Source), Repository);

        (await Git("rev-parse", "refs/heads/main")).Trim().ShouldBe(commit);
        (await Git("ls-tree", "-r", "-z", "--name-only", commit))
            .Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .ShouldBe(["empty", "in folders/with \"quotes\" and \u00e4.bin", "plain.txt"]);
        (await Git("cat-file", "-p", $"{commit}:plain.txt")).ShouldBe("text without a line end");
        (await Git("hash-object", Path.Combine(Source, "in folders/with \"quotes\" and \u00e4.bin"))).ShouldBe(
            await Git("rev-parse", $"{commit}:in folders/with \"quotes\" and \u00e4.bin")
        );
    }

    [Fact]
    public async Task The_same_content_is_the_same_commit_and_another_one_takes_its_place_without_a_parent()
    {
        Write("a", "1"u8.ToArray());
        var first = await ServiceRepository.Commit(new DiskFolder(Source), Repository);
        var again = await ServiceRepository.Commit(new DiskFolder(Source), Repository);
        Write("a", "2"u8.ToArray());
        var second = await ServiceRepository.Commit(new DiskFolder(Source), Repository);

        again.ShouldBe(first);
        second.ShouldNotBe(first);
        (await Git("rev-list", "refs/heads/main")).ShouldBe($"{second}\n");
        (await Git("cat-file", "-p", $"{first}:a")).ShouldBe("1");
    }

    [Theory]
    [InlineData(".GIT/config")]
    [InlineData("ions/.Git")]
    [InlineData("git~1/config")]
    [InlineData(".git ./config")]
    [InlineData(".git::$INDEX_ALLOCATION/config")]
    public async Task A_file_that_git_takes_in_no_repository_is_refused_by_name(string path)
    {
        Write(path, "1"u8.ToArray());

        var refused = await Should.ThrowAsync<InvalidInputException>(ServiceRepository.Commit(new DiskFolder(Source), Repository));

        refused.Error.ShouldBe("FileNotForGit");
        refused.Message.ShouldStartWith($"{path}: git takes no file of this name into a repository");
        Directory.Exists(Repository).ShouldBeFalse();
    }

    [Theory]
    [InlineData(".gitignore")]
    [InlineData("git/config")]
    [InlineData(".github/workflows/git~2")]
    public async Task Other_files_are_cloned(string path)
    {
        Write(path, "1"u8.ToArray());

        await ServiceRepository.Commit(new DiskFolder(Source), Repository);

        await Git("clone", "--quiet", ".", "copy");
        File.Exists(Path.Combine(Repository, "copy", path)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_clone_has_the_commits_before()
    {
        Write("a", "1"u8.ToArray());
        var first = await ServiceRepository.Commit(new DiskFolder(Source), Repository);
        Write("a", "2"u8.ToArray());
        await ServiceRepository.Commit(new DiskFolder(Source), Repository);

        var clone = Path.Combine(_folder, "clone");
        await Git("clone", "--quiet", new Uri(Repository).AbsoluteUri, clone);

        (await Git("-C", clone, "cat-file", "-p", $"{first}:a")).ShouldBe("1");
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_the_cause_and_nothing_is_committed()
    {
        Write("a", "1"u8.ToArray());
        Write("b", "2"u8.ToArray());

        var failure = await Should.ThrowAsync<IOException>(
            ServiceRepository.Commit(new DamagedFolder(new DiskFolder(Source), "b"), Repository)
        );

        failure.Message.ShouldBe("b cannot be read");
        File.Exists(Path.Combine(Repository, ".git/refs/heads/main")).ShouldBeFalse();
    }

    private sealed class DamagedFolder(DiskFolder folder, string damaged) : ISourceFolder
    {
        public IReadOnlyList<RelativePath> Files => folder.Files;

        public bool HasFile(RelativePath path) => folder.HasFile(path);

        public bool HasFolder(RelativePath path) => folder.HasFolder(path);

        public byte[]? Read(RelativePath path) =>
            path.Value == damaged ? throw new IOException($"{damaged} cannot be read") : folder.Read(path);
    }

    private void Write(string path, byte[] content)
    {
        var file = Path.Combine(Source, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, content);
    }

    private async Task<string> Git(params string[] arguments)
    {
        using var git = Process.Start(
            new ProcessStartInfo("git", arguments)
            {
                WorkingDirectory = Repository,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        var output = await git.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await git.WaitForExitAsync(TestContext.Current.CancellationToken);
        git.ExitCode.ShouldBe(0);
        return output;
    }
}
