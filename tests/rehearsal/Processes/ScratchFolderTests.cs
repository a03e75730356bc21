using Deployer.Rehearsal.Processes;

namespace Deployer.Rehearsal.Tests.Processes;

public sealed class ScratchFolderTests : IDisposable
{
    private readonly string _place = Directory.CreateTempSubdirectory("deployer-").FullName;

    public void Dispose() => Directory.Delete(_place, recursive: true);

    [Fact]
    public void A_folder_is_empty_belongs_to_its_user_alone_and_leaves_nothing()
    {
        Assert.SkipWhen(TemporaryFilesHaveAPlace, "TMPDIR names a place for temporary files");
        using (var folder = InMemory("rw,nosuid").ShouldNotBeNull())
        {
            Path.GetDirectoryName(folder.Path).ShouldBe(_place);
            Directory.EnumerateFileSystemEntries(folder.Path).ShouldBeEmpty();
            new DirectoryInfo(folder.Path).UnixFileMode.ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            File.WriteAllText(Path.Combine(folder.Path, "file"), "content");
        }

        Directory.EnumerateFileSystemEntries(_place).ShouldBeEmpty();
    }

    [Fact]
    public void What_a_killed_process_had_is_removed_and_what_another_one_has_is_kept()
    {
        Assert.SkipWhen(TemporaryFilesHaveAPlace, "TMPDIR names a place for temporary files");
        var abandoned = Path.Combine(_place, "deployer-scratch-abandoned");
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(abandoned).FullName, "file"), "content");
        File.WriteAllText($"{abandoned}.lock", string.Empty);
        var foreign = Directory.CreateDirectory(Path.Combine(_place, "something-else")).FullName;

        using var first = InMemory("rw").ShouldNotBeNull();
        using var second = InMemory("rw").ShouldNotBeNull();

        Directory.Exists(abandoned).ShouldBeFalse();
        File.Exists($"{abandoned}.lock").ShouldBeFalse();
        Directory.EnumerateDirectories(_place).ShouldBe([first.Path, second.Path, foreign], ignoreOrder: true);
    }

    [Theory]
    [InlineData("tmpfs {0} tmpfs rw,noexec 0 0")]
    [InlineData("tmpfs {0} tmpfs ro 0 0")]
    [InlineData("/dev/vda {0} ext4 rw 0 0")]
    [InlineData("tmpfs {0} tmpfs rw 0 0\n/dev/vda {0} ext4 rw 0 0")]
    [InlineData("tmpfs {0}/below tmpfs rw 0 0")]
    [InlineData("")]
    public void Where_no_program_may_be_started_or_nothing_lies_in_memory_there_is_none(string mounts) =>
        ScratchFolder.InMemory(_place, mounts.Replace("{0}", _place, StringComparison.Ordinal)).ShouldBeNull();

    [Fact]
    public void A_folder_can_always_be_made()
    {
        string path;
        using (var folder = ScratchFolder.Create())
        {
            path = folder.Path;
            Directory.EnumerateFileSystemEntries(path).ShouldBeEmpty();
        }

        Directory.Exists(path).ShouldBeFalse();
    }

    private static bool TemporaryFilesHaveAPlace => Environment.GetEnvironmentVariable("TMPDIR") is { Length: > 0 };

    private ScratchFolder? InMemory(string options) => ScratchFolder.InMemory(_place, $"tmpfs {_place} tmpfs {options} 0 0\n");
}
