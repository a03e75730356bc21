using System.Text.RegularExpressions;
using Deployer.Functions.Steps;
using Deployer.Spec.Kinds;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Tests.Architecture;

/// <summary>
/// No product file knows a concrete kind of step but those of the kind itself and the registration: what a kind does is asked of its
/// implementation and of its record.
/// </summary>
public sealed class KindNamesTests
{
    private static readonly string[] Projects = ["cli", "functions", "rehearsal", "spec"];

    /// <summary>
    /// Where the records of steps, what the file may say of them, and the rules for it lie, each kind in files of its own.
    /// </summary>
    private static readonly string[] InSpec = ["spec/Kinds/", "spec/Rules/", "spec/Steps/"];

    /// <summary>Files that name a kind nevertheless, and why.</summary>
    private static readonly Dictionary<string, string> Remnant = new()
    {
        ["functions/Startup.cs"] = "the registration",
        ["functions/Payloads.cs"] = "what the functions take and give is read and written by one generated context",
        ["functions/Deployments/Requests.cs"] = "a request to roll back names a revision, and ions keep the record of revisions",
        ["cli/Records/DeployerRecords.cs"] = "whoever rolls back looks for a revision in the history",
        ["cli/Records/PastDeployment.cs"] = "whoever rolls back looks for a revision in the history",
        ["cli/Places/RehearsalReport.cs"] = "the published document has a list for each of these kinds, in this order; others follow",
        ["functions/Checks/InstalledStacksCheck.cs"] = "the deployer's own stacks are described by the calls that steps make",
        ["cli/Bootstrap/StackInstallation.cs"] = "the deployer's own stacks are looked at and judged as those of steps are",
        ["cli/Bootstrap/BootstrapReport.cs"] = "their changes are written as a plan's are",
    };

    private static readonly Type[] Kinds =
    [
        .. typeof(Startup).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(IStepKind)) && !type.IsInterface),
    ];

    private static readonly string[] Steps =
    [
        .. typeof(StepSpec)
            .Assembly.GetTypes()
            .Where(type => type.IsPublic && type.IsSubclassOf(typeof(StepSpec)))
            .Select(type => type.Name),
    ];

    private static readonly Regex Naming = new(
        $@"\b({string.Join('|', Kinds.Select(kind => Regex.Escape(kind.Namespace!)).Distinct())}|{string.Join('|', Steps)})\b",
        RegexOptions.CultureInvariant
    );

    [Fact]
    public void No_file_names_a_kind_but_its_own_and_the_registration()
    {
        Kinds.Length.ShouldBe(StepKinds.BuiltIn.All.Count(kind => kind.IsImplemented));
        Steps.Length.ShouldBe(StepKinds.BuiltIn.All.Count());
        var own = Kinds.Select(kind => $"functions/{kind.Namespace!.Split('.')[^1]}/").Concat(InSpec).ToArray();
        var root = Repository.Root;

        Projects
            .SelectMany(project => SourceTextTests.Files(new DirectoryInfo(Path.Combine(root, project)), "*.cs"))
            .Select(file => (Path: Path.GetRelativePath(root, file.FullName).Replace('\\', '/'), Text: File.ReadAllText(file.FullName)))
            .Where(file => !own.Any(folder => file.Path.StartsWith(folder, StringComparison.Ordinal)) && Named(file.Text).Count > 0)
            .Select(file => file.Path)
            .ShouldBe(Remnant.Keys, ignoreOrder: true);
    }

    [Theory]
    [InlineData("foreach (var step in spec.Steps.OfType<StackStep>())", "StackStep")]
    [InlineData("step is EndpointStep { Alias: null }", "EndpointStep")]
    [InlineData("using Deployer.Functions.Ions;", "Deployer.Functions.Ions")]
    public void A_file_that_names_one_is_noticed(string text, string name) => Named(text).ShouldBe([name]);

    [Theory]
    [InlineData("kinds.Find(step.Kind).Removal(run)")]
    [InlineData("/// <summary>Not a StackStepKind.</summary>")]
    [InlineData("using Deployer.Functions.IonsLike;")]
    public void A_file_that_asks_a_kind_is_not(string text) => Named(text).ShouldBeEmpty();

    private static IReadOnlyList<string> Named(string text) => [.. Naming.Matches(text).Select(match => match.Value).Distinct()];
}
