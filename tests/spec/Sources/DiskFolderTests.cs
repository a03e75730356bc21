using Deployer.Spec.Sources;

namespace Deployer.Spec.Tests.Sources;

public sealed class DiskFolderTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("deployer-spec-");

    public void Dispose() => _root.Delete(recursive: true);

    private void Write(string path, string text)
    {
        var file = Path.Combine(_root.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    [Fact]
    public void Lists_reads_and_digests_like_any_other_form()
    {
        Write("b/c.txt", "2");
        Write("a.txt", "1");
        Write(".git/config", "x");
        var folder = new DiskFolder(_root.FullName);

        folder.Files.Select(file => file.Value).ShouldBe(["a.txt", "b/c.txt"]);
        folder.HasFile(RelativePath.Parse("b/c.txt")).ShouldBeTrue();
        folder.HasFile(RelativePath.Parse("b")).ShouldBeFalse();
        folder.HasFolder(RelativePath.Parse("b")).ShouldBeTrue();
        folder.Read(RelativePath.Parse("nothing")).ShouldBeNull();
        folder.Read(RelativePath.Parse(".git/config")).ShouldBeNull();
        ContentDigest.Compute(folder).ShouldBe(ContentDigest.Compute(new MemoryFolder(("a.txt", "1"), ("b/c.txt", "2"))));
    }

    [Fact]
    public void Does_not_follow_links()
    {
        var outside = Directory.CreateTempSubdirectory("deployer-spec-outside-");
        try
        {
            File.WriteAllText(Path.Combine(outside.FullName, "secret"), "x");
            File.CreateSymbolicLink(Path.Combine(_root.FullName, "file"), Path.Combine(outside.FullName, "secret"));
            Directory.CreateSymbolicLink(Path.Combine(_root.FullName, "folder"), outside.FullName);
            var folder = new DiskFolder(_root.FullName);

            folder.Files.ShouldBeEmpty();
            folder.HasFile(RelativePath.Parse("file")).ShouldBeFalse();
            folder.HasFolder(RelativePath.Parse("folder")).ShouldBeFalse();
            folder.Read(RelativePath.Parse("folder/secret")).ShouldBeNull();
        }
        finally
        {
            outside.Delete(recursive: true);
        }
    }

    [Fact]
    public void What_is_left_out_is_said_with_its_reason()
    {
        Write("a/b.txt", "1");
        Write(".git/config", "x");
        File.CreateSymbolicLink(Path.Combine(_root.FullName, "a/link.yaml"), "b.txt");
        Directory.CreateSymbolicLink(Path.Combine(_root.FullName, "linked"), "a");
        File.WriteAllText(Path.Combine(_root.FullName, "back\\slash"), "x");
        File.WriteAllText(Path.Combine(_root.FullName, "a", "line\nbreak"), "x");
        var folder = new DiskFolder(_root.FullName);

        folder.Files.Select(file => file.Value).ShouldBe(["a/b.txt"]);
        folder
            .LeftOut.Select(left => (left.Path, left.Reason))
            .ShouldBe([
                ("a/line\\u000abreak", "its name contains a control character"),
                ("a/link.yaml", "it is a link that is not followed"),
                ("back\\slash", "its name contains a backslash"),
                ("linked", "it is a link that is not followed"),
            ]);
    }

    /// <summary>A name on Linux is bytes; .NET cannot open one that is not UTF-8.</summary>
    [Fact]
    public async Task A_name_that_is_not_UTF_8_is_said_as_far_as_it_can_be_shown()
    {
        Write("a.txt", "1");
        using (
            var made = System.Diagnostics.Process.Start("bash", ["-c", "touch \"$0\"/f$'\\xff' && mkdir \"$0\"/d$'\\xfe'", _root.FullName])
        )
        {
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var folder = new DiskFolder(_root.FullName);

        folder.Files.Select(file => file.Value).ShouldBe(["a.txt"]);
        folder
            .LeftOut.Select(left => (left.Path, left.Reason))
            .ShouldBe([("d\uFFFD", "its name is not UTF-8"), ("f\uFFFD", "its name is not UTF-8")]);
        // Removed here by their bytes: the test's own clean-up could not name them.
        using var removed = System.Diagnostics.Process.Start("bash", ["-c", "rm -r \"$0\"/f* \"$0\"/d*", _root.FullName]);
        await removed.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Rehearsed_accounts_that_are_kept_in_a_service_are_no_part_of_it()
    {
        Write("a.txt", "1");
        Write("accounts/a.yaml", "2");
        Write("state/journal", "deployer-rehearsal 1\n");
        Write("state/lock", string.Empty);
        Write("state/repository/a.txt", "1");
        using var held = new FileStream(Path.Combine(_root.FullName, "state/lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        new DiskFolder(_root.FullName).Files.Select(file => file.Value).ShouldBe(["a.txt", "accounts/a.yaml"]);
    }

    [Fact]
    public async Task A_pipe_is_refused_instead_of_read_for_ever()
    {
        Write("empty.txt", string.Empty);
        var pipe = Path.Combine(_root.FullName, "pipe");
        using (var made = System.Diagnostics.Process.Start("mkfifo", pipe))
        {
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var refused = Should.Throw<IOException>(() => new DiskFolder(_root.FullName).Files);

        refused.Message.ShouldBe("pipe is neither a file nor a folder, but a pipe, socket or device; remove it from the service");
        File.Delete(pipe);
        new DiskFolder(_root.FullName).Files.Select(file => file.Value).ShouldBe(["empty.txt"]);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_refused() =>
        Should.Throw<DirectoryNotFoundException>(() => new DiskFolder(Path.Combine(_root.FullName, "nothing")));
}
