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
                "*.js",
                "*.clj",
                "*.props",
                "*.targets",
                "*.csproj",
                "*.yaml",
                "*.yml",
                "*.sh",
                "*.toml",
                "*.edn"
            )
            .Concat(Scripts())
            .Where(file => !HasPositions.Contains(Path.GetRelativePath(Repository.Root, file.FullName)))
            .ToList();

        files.Count.ShouldBeGreaterThan(500);
        Named(
            files,
            "template.yaml",
            "native.sh",
            "run",
            "deployer.yaml",
            "github-actions.yml",
            "Dockerfile",
            "Makefile",
            "start-transactor",
            "ions.clj"
        );

        files.SelectMany(file => TooLong(file.FullName, File.ReadLines(file.FullName))).ShouldBeEmpty();
    }

    [Fact]
    public void No_line_of_JSON_is_longer_either_but_one_text_that_cannot_be_broken()
    {
        var files = Files(new DirectoryInfo(Repository.Root), "*.json").Where(file => !IsOfOthers(file)).ToList();

        files.Count.ShouldBeGreaterThan(10);
        Named(files, "deployer.schema.json", "operations.json", "deploy.asl.json", "aws-lambda-tools-defaults.json");

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
        // Tests hold the words themselves, as what may not be read.
        var tests = Repository.At("tests") + Path.DirectorySeparatorChar;
        var files = Files(
                new DirectoryInfo(Repository.Root),
                "*.cs",
                "*.md",
                "*.schema.json",
                "*.asl.json",
                "*.yaml",
                "*.yml",
                "*.mjs",
                "*.sh",
                "*.clj",
                "*.edn"
            )
            .Concat(Scripts())
            .Where(file => !file.FullName.StartsWith(tests, StringComparison.Ordinal))
            .ToList();

        Named(
            files,
            "RollWork.cs",
            "SpecReader.cs",
            "DeploymentView.cs",
            "Gateway.cs",
            "faults.md",
            "deployer.schema.json",
            "deploy.asl.json",
            "CHANGELOG.md",
            "CONTRIBUTING.md",
            "target.yaml",
            "template.yaml",
            "github-actions.yml",
            "Dockerfile",
            "start-transactor",
            "ions.clj"
        );

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
                It tells people. Its id tells the
                // two apart, and one cannot be told from the other; "toldNothing" is a name.
                """
            )
            .ShouldBe([
                "A.cs:2 has \"As wanted\"",
                "A.cs:4 has \"told\"",
                "A.cs:5 has \"on end\"",
                "A.cs:5 has \"played\"",
                "A.cs:6 has \"tells\"",
            ]);

    private static IEnumerable<string> Unplain(string file, string text) =>
        NotPlain()
            .Matches(text)
            .Select(match => $"{file}:{text.AsSpan(0, match.Index).Count('\n') + 1} has \"{Gap().Replace(match.Value, " ")}\"");

    /// <summary>A name is read where it is called, and there nothing else says what the method does.</summary>
    [Fact]
    public void No_static_method_has_a_name_that_needs_its_body()
    {
        var files = new[] { "functions", "spec", "cli", "rehearsal" }
            .SelectMany(folder => Files(new DirectoryInfo(Repository.At(folder)), "*.cs"))
            .ToList();

        Named(files, "RollWork.cs", "SpecReader.cs", "DeploymentView.cs", "Gateway.cs");
        files.SelectMany(file => Nameless(file.FullName, File.ReadAllText(file.FullName))).ShouldBeEmpty();
    }

    [Fact]
    public void A_static_method_whose_whole_name_is_such_a_word_is_named_and_those_that_contain_it_are_not() =>
        Nameless(
                "A.cs",
                """
                public static A ValueOf(B b) => b.Of(1);
                internal static async Task<(A, B)>
                    Of<T>(T one)
                public static A Read(B b) { return Of(b); }
                private A Of(B b) => new();
                    static string? Told() => null;
                """
            )
            .ShouldBe(["A.cs:2 has Of", "A.cs:6 has Told"]);

    private static IEnumerable<string> Nameless(string file, string text) =>
        NeedsItsBody()
            .Matches(text)
            .Select(match => $"{file}:{text.AsSpan(0, match.Index).Count('\n') + 1} has {match.Groups["name"].Value}");

    /// <summary>Asserts that files of these names are among those that were found.</summary>
    private static void Named(List<FileInfo> files, params string[] names)
    {
        foreach (var name in names)
        {
            files.ShouldContain(file => file.Name == name, name);
        }
    }

    /// <summary>The scripts and the like, whose names have no extension.</summary>
    private static IEnumerable<FileInfo> Scripts() =>
        Files(new DirectoryInfo(Repository.Root), "*")
            .Where(file => !file.Name.Contains('.', StringComparison.Ordinal))
            .Where(file => !file.Name.StartsWith("LICENSE", StringComparison.Ordinal));

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

    // Said plainly: "no changes", "simulated", "consecutive", "reported to". What tells one thing from another, or both apart, is plain.
    [GeneratedRegex(
        @"\b(as[\s/]+wanted|played|on[\s/]+end|(tell|tells|told|telling)\b(?![^.;:]{0,80}\b(apart|from)\b))\b",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture
    )]
    private static partial Regex NotPlain();

    [GeneratedRegex(@"[\s/]+")]
    private static partial Regex Gap();

    [GeneratedRegex(@"\bstatic\b[^;={}]*?\b(?<name>Of|Told|Lies|Other|Back|Use)(<[^()]*>)?\(", RegexOptions.ExplicitCapture)]
    private static partial Regex NeedsItsBody();

    [GeneratedRegex("""^\s*("[^"]*": )?"([^"\\]|\\.)*",?$""")]
    private static partial Regex OneText();
}
