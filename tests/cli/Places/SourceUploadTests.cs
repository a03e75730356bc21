using Deployer.Cli.Places;
using Deployer.Spec.Sources;

namespace Deployer.Cli.Tests.Places;

/// <summary>A service's folder on its way to the deployer's bucket.</summary>
public sealed class SourceUploadTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("deployer-upload-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void A_large_folder_is_not_held_in_memory()
    {
        const int Size = 32 * 1024 * 1024;
        var bytes = new byte[Size];
        new Random(1).NextBytes(bytes);
        File.WriteAllBytes(Path.Combine(_root.FullName, "large"), bytes);
        var folder = new DiskFolder(_root.FullName);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var source = SourceUpload.Incoming("bucket", folder);
        using var zip = SourceUpload.Zip(folder);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(Size / 8);
        zip.Length.ShouldBeGreaterThan(Size);
        zip.Position.ShouldBe(0);
        source.Key.ShouldStartWith("incoming/");
    }

    [Fact]
    public void The_temporary_file_is_gone_when_it_is_closed()
    {
        File.WriteAllText(Path.Combine(_root.FullName, "a"), "1");
        string name;
        using (var zip = SourceUpload.Zip(new DiskFolder(_root.FullName)))
        {
            name = zip.Name;
        }

        File.Exists(name).ShouldBeFalse();
    }
}
