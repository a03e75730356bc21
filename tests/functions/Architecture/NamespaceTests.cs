using System.Text.RegularExpressions;

namespace Deployer.Functions.Tests.Architecture;

/// <summary>A type is found in the folder that its namespace names, so that the order of the folders is that of the namespaces.</summary>
public sealed partial class NamespaceTests
{
    // The rehearsal, which must not know the deployer's files, takes these patterns from their project.
    private const string Shared = "Deployer.JavaPatterns";

    [Theory]
    [InlineData("functions", "Deployer.Functions")]
    [InlineData("spec", "Deployer.Spec")]
    [InlineData("cli", "Deployer.Cli")]
    [InlineData("rehearsal", "Deployer.Rehearsal")]
    [InlineData("cdk", "Deployer.Cdk")]
    public void A_namespace_is_that_of_its_folder(string project, string root)
    {
        var folder = Path.Combine(Repository.Root, project);
        var files = SourceTextTests
            .Files(new DirectoryInfo(folder), "*.cs")
            .Select(file => (Path: Path.GetRelativePath(folder, file.FullName), Match: Namespace().Match(File.ReadAllText(file.FullName))))
            .Where(file => file.Match.Success)
            .ToList();

        files.ShouldNotBeEmpty();
        files
            .Where(file => file.Match.Groups["name"].Value is var name && name != Expected(root, file.Path) && name != Shared)
            .Select(file => $"{project}/{file.Path} has the namespace {file.Match.Groups["name"].Value}")
            .ShouldBeEmpty();
    }

    private static string Expected(string root, string path) =>
        string.Join('.', [root, .. path.Split(Path.DirectorySeparatorChar).SkipLast(1)]);

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Namespace();
}
