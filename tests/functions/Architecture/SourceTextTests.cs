using System.Runtime.CompilerServices;

namespace Deployer.Functions.Tests.Architecture;

/// <summary>What the formatter does not hold in every hand-written source file.</summary>
public sealed class SourceTextTests
{
    private const int LongestLine = 140;

    private static readonly string[] NotOurs = ["artifacts", "bin", "obj", "node_modules", "Generated", ".git"];

    [Fact]
    public void No_line_is_longer_than_140_columns()
    {
        var files = Files(new DirectoryInfo(Root()), "*.cs").ToList();

        files.Count.ShouldBeGreaterThan(500);
        files.SelectMany(file => TooLong(file.FullName, File.ReadLines(file.FullName))).ShouldBeEmpty();
    }

    [Fact]
    public void A_line_that_is_longer_is_named() =>
        TooLong("A.cs", [new string('x', LongestLine), new string('x', LongestLine + 1)]).ShouldBe(["A.cs:2 has 141 columns"]);

    private static IEnumerable<string> TooLong(string file, IEnumerable<string> lines) =>
        lines
            .Index()
            .Where(line => line.Item.Length > LongestLine)
            .Select(line => $"{file}:{line.Index + 1} has {line.Item.Length} columns");

    /// <summary>The hand-written files of these names in a folder and those below it.</summary>
    internal static IEnumerable<FileInfo> Files(DirectoryInfo folder, params string[] patterns) =>
        patterns
            .SelectMany(folder.EnumerateFiles)
            .Concat(
                folder
                    .EnumerateDirectories()
                    .Where(inner => !NotOurs.Contains(inner.Name, StringComparer.Ordinal))
                    .SelectMany(inner => Files(inner, patterns))
            );

    /// <summary>The folder of the whole project.</summary>
    internal static string Root([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
