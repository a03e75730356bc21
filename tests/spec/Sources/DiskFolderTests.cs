using Deployer.Spec.Sources;

namespace Deployer.Spec.Tests.Sources;

public sealed class DiskFolderTests : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("deployer-spec-");

    public void Dispose() => root.Delete(recursive: true);

    private void Write(string path, string text)
    {
        var file = Path.Combine(root.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    [Fact]
    public void Lists_reads_and_digests_like_any_other_form()
    {
        Write("b/c.txt", "2");
        Write("a.txt", "1");
        Write(".git/config", "x");
        var folder = new DiskFolder(root.FullName);

        folder.Files.Select(file => file.Value).ShouldBe(["a.txt", "b/c.txt"]);
        folder.HasFile(RelativePath.Of("b/c.txt")).ShouldBeTrue();
        folder.HasFile(RelativePath.Of("b")).ShouldBeFalse();
        folder.HasFolder(RelativePath.Of("b")).ShouldBeTrue();
        folder.Read(RelativePath.Of("nothing")).ShouldBeNull();
        folder.Read(RelativePath.Of(".git/config")).ShouldBeNull();
        ContentDigest.Of(folder).ShouldBe(ContentDigest.Of(new MemoryFolder(("a.txt", "1"), ("b/c.txt", "2"))));
    }

    [Fact]
    public void Does_not_follow_links()
    {
        var outside = Directory.CreateTempSubdirectory("deployer-spec-outside-");
        try
        {
            File.WriteAllText(Path.Combine(outside.FullName, "secret"), "x");
            File.CreateSymbolicLink(Path.Combine(root.FullName, "file"), Path.Combine(outside.FullName, "secret"));
            Directory.CreateSymbolicLink(Path.Combine(root.FullName, "folder"), outside.FullName);
            var folder = new DiskFolder(root.FullName);

            folder.Files.ShouldBeEmpty();
            folder.HasFile(RelativePath.Of("file")).ShouldBeFalse();
            folder.HasFolder(RelativePath.Of("folder")).ShouldBeFalse();
            folder.Read(RelativePath.Of("folder/secret")).ShouldBeNull();
        }
        finally
        {
            outside.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_folder_that_is_not_there_is_refused() =>
        Should.Throw<DirectoryNotFoundException>(() => new DiskFolder(Path.Combine(root.FullName, "nothing")));
}
