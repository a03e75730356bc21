using System.Reflection;
using System.Text.RegularExpressions;
using Amazon.Lambda.Annotations;
using Deployer.Functions.Endpoints;
using Deployer.Functions.Ions;
using Deployer.Functions.Services;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Functions.Transactors;
using Deployer.Spec.Kinds;
using Deployer.Spec.Steps;
using Microsoft.Extensions.DependencyInjection;

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
        ["cli/Places/DeploymentReport.cs"] = "the published document has a list for each of these kinds, in this order; others follow",
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

        ProductFiles(Projects)
            .Where(file => !own.Any(folder => file.Path.StartsWith(folder, StringComparison.Ordinal)) && Named(file.Text).Count > 0)
            .Select(file => file.Path)
            .ShouldBe(Remnant.Keys, ignoreOrder: true);
    }

    [Fact]
    public void A_kind_says_which_functions_it_has_and_no_other_file_does()
    {
        var functions = Functions();
        var namespaces = Kinds.Select(kind => kind.Namespace!).ToArray();
        typeof(Startup)
            .Assembly.GetTypes()
            .Where(type => namespaces.Contains(type.Namespace))
            .SelectMany(type => type.GetMethods())
            .Select(method => method.GetCustomAttribute<LambdaFunctionAttribute>()?.ResourceName)
            .OfType<string>()
            .ShouldBe(functions.Select(function => $"{function}Function"), ignoreOrder: true);

        var own = namespaces.Select(name => $"functions/{name.Split('.')[^1]}/").ToArray();
        ProductFiles("cli", "functions")
            .Where(file => !own.Any(folder => file.Path.StartsWith(folder, StringComparison.Ordinal)))
            .Where(file => functions.Any(function => file.Text.Contains($"\"{function}\"", StringComparison.Ordinal)))
            .Select(file => file.Path)
            .ShouldBeEmpty();
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

    private static IReadOnlyList<(string Path, string Text)> ProductFiles(params string[] projects) =>
        [
            .. projects
                .SelectMany(project => SourceTextTests.Files(new DirectoryInfo(Path.Combine(Repository.Root, project)), "*.cs"))
                .Select(file =>
                    (Path: Path.GetRelativePath(Repository.Root, file.FullName).Replace('\\', '/'), Text: File.ReadAllText(file.FullName))
                ),
        ];

    private static IReadOnlyList<string> Functions()
    {
        var services = new ServiceCollection();
        services.AddStacks().AddIons().AddEndpoints().AddEcsServices().AddTransactors();
        return [.. services.Select(service => service.ImplementationInstance).OfType<FunctionRole>().Select(role => role.Function)];
    }

    private static IReadOnlyList<string> Named(string text) => [.. Naming.Matches(text).Select(match => match.Value).Distinct()];
}
