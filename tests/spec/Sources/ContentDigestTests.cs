using Deployer.Spec.Sources;

namespace Deployer.Spec.Tests.Sources;

public sealed class ContentDigestTests
{
    private static readonly string Digest = ContentDigest.Compute(new MemoryFolder(("a", "1"), ("b/c", "2")));

    [Fact]
    public void Is_a_sha_256_in_lower_case() => Digest.ShouldMatch("^[0-9a-f]{64}$");

    [Fact]
    public void Does_not_depend_on_the_order() => ContentDigest.Compute(new MemoryFolder(("b/c", "2"), ("a", "1"))).ShouldBe(Digest);

    [Fact]
    public void Depends_on_every_path_and_content()
    {
        string[] others =
        [
            ContentDigest.Compute(new MemoryFolder(("a", "1"))),
            ContentDigest.Compute(new MemoryFolder(("a", "1"), ("b/c", "3"))),
            ContentDigest.Compute(new MemoryFolder(("a", "1"), ("b/d", "2"))),
            ContentDigest.Compute(new MemoryFolder(("a", "2"), ("b/c", "1"))),
            ContentDigest.Compute(new MemoryFolder(("a", "1"), ("b", "c2"))),
            ContentDigest.Compute(new MemoryFolder()),
        ];

        others.Append(Digest).Distinct().Count().ShouldBe(others.Length + 1);
    }

    [Fact]
    public void Of_a_folder_below_counts_only_its_files_relative_to_it() =>
        ContentDigest
            .Compute(new MemoryFolder(("ions/x", "1"), ("ions2/y", "2"), ("z", "3")), RelativePath.Parse("ions"))
            .ShouldBe(ContentDigest.Compute(new MemoryFolder(("x", "1"))));
}
