using System.Reflection;

namespace Deployer.Sdk.Tests.Api;

/// <summary>
/// The public names of each project of <c>sdk/</c> are the approved ones: programs are written against them, and the official
/// packages, which have the same, are to take the projects' place.
/// </summary>
public sealed class ApprovedApiTests
{
    /// <summary>Set to 1, the files are written anew instead of compared; what changed is then seen in the commit.</summary>
    private const string Approve = "DEPLOYER_APPROVE_API";

    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "sdk", "Api", "Approved");

    public static TheoryData<string> Projects => [.. Assemblies()];

    [Theory]
    [MemberData(nameof(Projects))]
    public void The_public_surface_is_the_approved_one(string project)
    {
        var file = Path.Combine(Folder, $"{project}.txt");
        var surface = PublicSurface.Describe(Assembly.Load(project));
        if (Environment.GetEnvironmentVariable(Approve) == "1")
        {
            File.WriteAllText(file, surface);
        }

        var approved = File.Exists(file) ? File.ReadAllText(file) : "";

        Differences(approved, surface)
            .ShouldBeEmpty(
                $"{project} has other public members than {file}; "
                    + $"if that is meant, renew the file: {Approve}=1 dotnet test --project tests/sdk"
            );
    }

    [Fact]
    public void There_is_a_file_for_each_project_and_no_other() =>
        Directory.EnumerateFiles(Folder).Select(Path.GetFileNameWithoutExtension).ShouldBe(Assemblies(), ignoreOrder: true);

    [Fact]
    public void A_member_that_is_removed_added_or_retyped_is_seen()
    {
        const string Approved =
            "A.B: class\n  int? Count { get; set; }\n  string Name { get; set; }\nA.C: class\n  string Name { get; set; }\n";
        const string Surface = "A.B: class\n  int Count { get; set; }\n  string Name { get; set; }\nA.C: class\n  void New()\n";

        Differences(Approved, Surface)
            .ShouldBe([
                "- A.B: int? Count { get; set; }",
                "- A.C: string Name { get; set; }",
                "+ A.B: int Count { get; set; }",
                "+ A.C: void New()",
            ]);
    }

    [Fact]
    public void The_surface_has_the_members_that_a_program_can_use_and_no_other() =>
        PublicSurface
            .Describe(typeof(ApprovedApiTests).Assembly)
            .ReplaceLineEndings("\n")
            .ShouldContain(
                """
                Deployer.Sdk.Tests.Api.Surveyed<T>: abstract class of System.Collections.Generic.List<T>, System.IDisposable
                  abstract void Dispose()
                  const int Limit = 5
                  event System.Action<string> Changed
                  int? Item[int, string] { get; }
                  override string ToString()
                  protected new(System.Collections.Generic.Dictionary<string, int?> start, params string[] more)
                  protected virtual System.Threading.Tasks.Task<V> Find<V>(out V found, int limit = 3)
                  static readonly T Default
                  string Name { get; protected set; }
                  string Once { get; init; }

                """.ReplaceLineEndings("\n")
            );

    private static IEnumerable<string> Assemblies() =>
        Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "sdk"), "*.csproj", SearchOption.AllDirectories)
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Order(StringComparer.Ordinal);

    private static List<string> Differences(string approved, string surface)
    {
        var (before, now) = (Lines(approved), Lines(surface));
        return [.. before.Except(now).Select(line => $"- {line}"), .. now.Except(before).Select(line => $"+ {line}")];
    }

    /// <summary>Each line with the type that it belongs to.</summary>
    private static List<string> Lines(string text)
    {
        var type = "";
        List<string> lines = [];
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            type = line.StartsWith(' ') ? type : line;
            lines.Add(line.StartsWith(' ') ? $"{type.Split(':')[0]}: {line.Trim()}" : line);
        }

        return lines;
    }
}
