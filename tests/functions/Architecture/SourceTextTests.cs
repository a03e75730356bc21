using System.Text.RegularExpressions;

namespace Deployer.Functions.Tests.Architecture;

/// <summary>What the formatter does not hold in every hand-written source file.</summary>
public sealed partial class SourceTextTests
{
    private const int LongestLine = 140;

    private static readonly string[] NotOurs = ["artifacts", "bin", "obj", "node_modules", "Generated", ".git"];

    /// <summary>Written by tests, or recorded.</summary>
    private static readonly string[] Recorded = ["tests/cdk/Snapshots/"];

    /// <summary>Tests name lines and columns of it.</summary>
    private static readonly string[] HasPositions = [Path.Combine("tests", "spec", "Resources", "inventory.yaml")];

    [Fact]
    public void No_line_is_longer_than_140_columns()
    {
        var files = Files(
                new DirectoryInfo(Repository.Root),
                "*.cs",
                "*.mjs",
                "*.props",
                "*.targets",
                "*.csproj",
                "*.yaml",
                "*.yml",
                "*.sh",
                "*.toml",
                "*.edn",
                "run"
            )
            .Where(file => !HasPositions.Contains(Path.GetRelativePath(Repository.Root, file.FullName)))
            .ToList();

        files.Count.ShouldBeGreaterThan(500);
        foreach (var name in new[] { "template.yaml", "native.sh", "run", "deployer.yaml", "github-actions.yml" })
        {
            files.ShouldContain(file => file.Name == name);
        }

        files.SelectMany(file => TooLong(file.FullName, File.ReadLines(file.FullName))).ShouldBeEmpty();
    }

    [Fact]
    public void No_line_of_JSON_is_longer_either_but_one_text_that_cannot_be_broken()
    {
        var files = Files(new DirectoryInfo(Repository.Root), "*.json").Where(file => !IsOfOthers(file)).ToList();

        files.Count.ShouldBeGreaterThan(10);
        foreach (var name in new[] { "deployer.schema.json", "operations.json", "deploy.asl.json", "aws-lambda-tools-defaults.json" })
        {
            files.ShouldContain(file => file.Name == name);
        }

        files.SelectMany(file => TooLong(file.FullName, Breakable(File.ReadLines(file.FullName)))).ShouldBeEmpty();
    }

    [Fact]
    public void A_line_of_JSON_can_be_broken_unless_it_has_nothing_but_one_text()
    {
        string[] lines = ["""  "a": "one \"text\"",""", "  \"text\"", """  "a": "b", "c": "d" """, """  { "a": "b" },"""];

        Breakable(lines).ShouldBe(["", "", lines[2], lines[3]]);
    }

    /// <summary>The lines, with an empty one in the place of each that has one text, and the text's name.</summary>
    private static IEnumerable<string> Breakable(IEnumerable<string> lines) =>
        lines.Select(line => OneText().IsMatch(line) ? string.Empty : line);

    /// <summary>What NuGet, a test or Datomic writes.</summary>
    private static bool IsOfOthers(FileInfo file)
    {
        var path = Path.GetRelativePath(Repository.Root, file.FullName).Replace('\\', '/');
        return file.Name == "packages.lock.json"
            || path.Contains("/datomic-cloud-1/", StringComparison.Ordinal)
            || Recorded.Any(folder => path.StartsWith(folder, StringComparison.Ordinal));
    }

    [Fact]
    public void No_line_of_a_document_is_longer_either_but_those_of_tables_and_of_what_programs_print()
    {
        var files = Files(new DirectoryInfo(Repository.Root), "*.md").Where(file => !IsGenerated(file)).ToList();

        files.Count.ShouldBeGreaterThan(10);
        files.SelectMany(file => TooLong(file.FullName, Prose(File.ReadLines(file.FullName)))).ShouldBeEmpty();
    }

    [Fact]
    public void Prose_is_what_stands_outside_of_tables_and_of_what_programs_print() =>
        Prose(["one", "| two |", "```", "three", "```", "    four", "five"]).ShouldBe(["one", "", "", "", "", "", "five"]);

    /// <summary>The lines, with an empty one in the place of each that cannot be broken.</summary>
    private static IEnumerable<string> Prose(IEnumerable<string> lines)
    {
        var isFenced = false;
        foreach (var line in lines)
        {
            var isFence = line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            isFenced ^= isFence;
            var isPrinted = isFence || isFenced || line.StartsWith("    ", StringComparison.Ordinal);
            yield return isPrinted || line.StartsWith('|') ? string.Empty : line;
        }
    }

    private static bool IsGenerated(FileInfo file) =>
        File.ReadLines(file.FullName).Take(4).Any(line => line.Contains("Written by a test", StringComparison.Ordinal));

    [Fact]
    public void A_line_that_is_longer_is_named() =>
        TooLong("A.cs", [new string('x', LongestLine), new string('x', LongestLine + 1)]).ShouldBe(["A.cs:2 has 141 columns"]);

    private static IEnumerable<string> TooLong(string file, IEnumerable<string> lines) =>
        lines
            .Index()
            .Where(line => line.Item.Length > LongestLine)
            .Select(line => $"{file}:{line.Index + 1} has {line.Item.Length} columns");

    [Fact]
    public void What_people_read_is_in_plain_words()
    {
        var files = new[] { "functions", "spec", "cli", "rehearsal", "docs" }
            .SelectMany(folder => Files(new DirectoryInfo(Repository.At(folder)), "*.cs", "*.md", "*.schema.json", "*.yaml"))
            .Append(new FileInfo(Repository.At("README.md")))
            .Append(new FileInfo(Repository.At("template.yaml")))
            .ToList();

        foreach (
            var name in new[] { "RollWork.cs", "SpecReader.cs", "DeploymentView.cs", "Gateway.cs", "faults.md", "deployer.schema.json" }
        )
        {
            files.ShouldContain(file => file.Name == name);
        }

        files.SelectMany(file => Unplain(file.FullName, File.ReadAllText(file.FullName))).ShouldBeEmpty();
    }

    [Fact]
    public void Words_that_are_not_plain_are_named_in_a_comment_of_two_lines_too_and_those_that_contain_them_are_not() =>
        Unplain(
                "A.cs",
                """
                // It is displayed on endpoints, was wanted, and depends on ending.
                // It is As
                // wanted, and the service
                has been  told.
                Three on end are played.
                """
            )
            .ShouldBe(["A.cs:2 has \"As wanted\"", "A.cs:4 has \"been told\"", "A.cs:5 has \"on end\"", "A.cs:5 has \"played\""]);

    private static IEnumerable<string> Unplain(string file, string text) =>
        NotPlain()
            .Matches(text)
            .Select(match => $"{file}:{text.AsSpan(0, match.Index).Count('\n') + 1} has \"{Gap().Replace(match.Value, " ")}\"");

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

    // Said plainly: "no changes", "simulated", "consecutive", "reported to".
    [GeneratedRegex(@"\b(as[\s/]+wanted|played|on[\s/]+end|been[\s/]+told)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex NotPlain();

    [GeneratedRegex(@"[\s/]+")]
    private static partial Regex Gap();

    [GeneratedRegex("""^\s*("[^"]*": )?"([^"\\]|\\.)*",?$""")]
    private static partial Regex OneText();
}
