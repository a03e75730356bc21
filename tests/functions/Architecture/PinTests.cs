using System.Xml.Linq;

namespace Deployer.Functions.Tests.Architecture;

/// <summary>A package is pinned for a project that uses it.</summary>
public sealed class PinTests
{
    [Fact]
    public void Every_pin_is_used_by_a_project()
    {
        var root = Repository.Root;
        var pins = Packages(Path.Combine(root, "Directory.Packages.props"), "PackageVersion").ToHashSet();
        var used = SourceTextTests
            .Files(new DirectoryInfo(root), "*.csproj", "*.props", "*.targets")
            .SelectMany(file => Packages(file.FullName, "PackageReference").Concat(Packages(file.FullName, "GlobalPackageReference")))
            .ToHashSet();

        pins.ShouldNotBeEmpty();
        pins.Except(used).ShouldBeEmpty();
    }

    private static IEnumerable<string> Packages(string file, string element) =>
        XDocument.Load(file).Descendants(element).Select(reference => (string?)reference.Attribute("Include")).OfType<string>();
}
