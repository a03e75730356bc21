using System.IO.Compression;
using System.Text;
using Deployer.Spec.Sources;

namespace Deployer.Spec.Tests.Sources;

public sealed class SourceZipTests
{
    [Theory]
    [InlineData("code", "bootstrap,lib/a.js")]
    [InlineData("code/bootstrap", "bootstrap")]
    [InlineData(".", "code/bootstrap,code/lib/a.js,codes/b.js")]
    public void A_part_is_packaged_under_its_own_paths_and_can_be_run(string part, string names)
    {
        var folder = new MemoryFolder(("code/bootstrap", "#!"), ("code/lib/a.js", "a"), ("codes/b.js", "b"));
        RelativePath.TryParse(part, out var path, out _).ShouldBeTrue();
        using var stream = new MemoryStream();

        SourceZip.WritePart(folder, path, stream);

        using var zip = new System.IO.Compression.ZipArchive(stream, System.IO.Compression.ZipArchiveMode.Read);
        zip.Entries.Select(entry => entry.FullName).ShouldBe(names.Split(','));
        zip.Entries.Select(entry => (entry.ExternalAttributes >> 16) & 0xFFFF).ShouldAllBe(mode => mode == 0x81ED);
    }

    private static MemoryStream Zip(ISourceFolder folder)
    {
        var zip = new MemoryStream();
        SourceZip.Write(folder, zip);
        zip.Position = 0;
        return zip;
    }

    private static MemoryStream Zip(Action<ZipArchive> write)
    {
        var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            write(archive);
        }
        zip.Position = 0;
        return zip;
    }

    private static void Add(ZipArchive archive, string path, string text, int attributes = 0)
    {
        var entry = archive.CreateEntry(path);
        entry.ExternalAttributes = attributes;
        using var stream = entry.Open();
        stream.Write(Encoding.UTF8.GetBytes(text));
    }

    private static ZipReading Read(Stream zip, ZipLimits? limits = null) => ZipFolder.Read(zip, "source.zip", limits ?? ZipLimits.Default);

    [Fact]
    public void What_is_written_reads_the_same()
    {
        var folder = Read(Zip(Inventory.Folder())).Folder.ShouldNotBeNull();

        folder.Files.ShouldBe(Inventory.Folder().Files);
        ContentDigest.Compute(folder).ShouldBe(ContentDigest.Compute(Inventory.Folder()));
        folder.HasFolder(RelativePath.Parse("ions/resources")).ShouldBeTrue();
        folder.HasFolder(RelativePath.Parse("ions/resourc")).ShouldBeFalse();
        SpecReader.Read(folder).Spec.ShouldNotBeNull().Service.ShouldBe("inventory");
    }

    /// <summary>A function has 512 MB, and sources of 128 MB are read.</summary>
    [Fact]
    public void A_large_file_is_read_digested_and_packed_again_without_being_held_in_memory()
    {
        const int Size = 32 * 1024 * 1024;
        var bytes = new byte[Size];
        new Random(1).NextBytes(bytes);
        var zip = Zip(new MemoryFolder(("small", "text")).With("large", bytes));
        var before = GC.GetAllocatedBytesForCurrentThread();

        using var folder = Read(zip).Folder.ShouldNotBeNull();
        var digest = ContentDigest.Compute(folder);
        SourceZip.Write(folder, Stream.Null);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(Size / 8);
        digest.ShouldBe(ContentDigest.Compute(new MemoryFolder(("small", "text")).With("large", bytes)));
        folder.Read(RelativePath.Parse("small")).ShouldBe("text"u8.ToArray());
    }

    [Fact]
    public void The_same_files_give_the_same_bytes() =>
        Zip(new MemoryFolder(("b", "2"), ("a", "1"))).ToArray().ShouldBe(Zip(new MemoryFolder(("a", "1"), ("b", "2"))).ToArray());

    [Theory]
    [InlineData("../evil", "leaves the folder")]
    [InlineData("a/../../evil", "leaves the folder")]
    [InlineData("/etc/passwd", "is absolute")]
    [InlineData("C:/evil", "is absolute")]
    [InlineData("a\\..\\..\\evil", "contains a backslash")]
    [InlineData("a\nb", "contains a control character")]
    public void Entries_cannot_leave_their_folder(string path, string problem) =>
        Read(Zip(archive => Add(archive, path, "x"))).Faults.ShouldHaveSingleItem().Problem.ShouldBe($"the entry \"{path}\" {problem}");

    [Fact]
    public void Links_and_gits_own_files_are_left_out()
    {
        var folder = Read(
            Zip(archive =>
            {
                Add(archive, "link", "/etc/passwd", unchecked((int)0xA1FF0000));
                Add(archive, ".git/config", "x");
                Add(archive, "folder/", "");
                Add(archive, ".gitignore", "x");
            })
        )
            .Folder.ShouldNotBeNull();

        folder.Files.Select(file => file.Value).ShouldBe([".gitignore"]);
        folder.LeftOut.ShouldBe([LeftOutFile.OfLink("link")]);
        LeftOutFile.Problem(folder, RelativePath.Parse("link")).ShouldBe("is a link that is not followed");
        LeftOutFile.Problem(folder, RelativePath.Parse("link/a")).ShouldBe("is in \"link\", which is a link that is not followed");
        LeftOutFile.Problem(folder, RelativePath.Parse("links")).ShouldBeNull();
    }

    [Fact]
    public void An_entry_that_is_there_twice_is_a_fault() =>
        Read(
            Zip(archive =>
            {
                Add(archive, "a/b", "1");
                Add(archive, "a/./b", "2");
            })
        )
            .Faults.ShouldHaveSingleItem()
            .Problem.ShouldBe("the entry \"a/b\" is there twice");

    [Fact]
    public void Too_many_entries_are_a_fault() =>
        Read(Zip(new MemoryFolder(("a", ""), ("b", ""), ("c", ""))), new ZipLimits { Entries = 2 })
            .Faults.ShouldHaveSingleItem()
            .Problem.ShouldBe("the zip has 3 entries");

    [Fact]
    public void More_bytes_than_allowed_are_a_fault() =>
        Read(Zip(new MemoryFolder(("a", "12345"), ("b", "12345"))), new ZipLimits { TotalBytes = 9 })
            .Faults.ShouldHaveSingleItem()
            .Problem.ShouldBe("the entry \"b\" unpacks to too much");

    [Fact]
    public void A_bomb_is_given_up_by_its_ratio() =>
        Read(Zip(new MemoryFolder().With("zeros", new byte[20_000_000])))
            .Faults.ShouldHaveSingleItem()
            .Problem.ShouldBe("the entry \"zeros\" unpacks to too much");

    [Fact]
    public void A_size_that_is_not_true_is_not_believed()
    {
        var zip = Zip(new MemoryFolder().With("zeros", new byte[5_000_000])).ToArray();
        // The uncompressed size in the central directory, 24 bytes after its signature.
        var directory = zip.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BitConverter.TryWriteBytes(zip.AsSpan(directory + 24), 1).ShouldBeTrue();

        Read(new MemoryStream(zip)).Faults.ShouldHaveSingleItem().Problem.ShouldBe("the entry \"zeros\" is damaged");
    }

    [Fact]
    public void What_is_not_a_zip_is_a_fault() =>
        Read(new MemoryStream("no zip"u8.ToArray())).Faults.ShouldHaveSingleItem().Problem.ShouldStartWith("the zip cannot be read");
}
