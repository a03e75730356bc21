using ArchUnitNET.Fluent;
using ArchUnitNET.Loader;
using Deployer.Functions.Tests.Architecture.Circle.First;
using Deployer.Rehearsal.World;
using Deployer.Spec;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace Deployer.Functions.Tests.Architecture;

/// <summary>The order of the folders of <c>functions/</c>, and the directions between the projects.</summary>
public sealed class LayerTests
{
    /// <summary>The folders of <c>functions/</c> from the ground up: a folder uses only folders before it.</summary>
    private static readonly string[] Folders =
    [
        "Errors",
        "Accounts",
        "Ledger",
        "Lock",
        "Steps",
        "Stacks",
        "Ions",
        "Endpoints",
        "DevelopmentInstances",
        "Deployments",
        "Plans",
        "Pipeline",
        "Resume",
    ];

    private static readonly ArchUnitNET.Domain.Architecture Product = new ArchLoader()
        .LoadAssemblies(typeof(Startup).Assembly, typeof(SpecReader).Assembly, typeof(RehearsalWorld).Assembly)
        .Build();

    private static readonly ArchUnitNET.Domain.Architecture Circle = new ArchLoader()
        .LoadNamespacesWithinAssembly(typeof(FirstOfCircle).Assembly, "Deployer.Functions.Tests.Architecture.Circle")
        .Build();

    [Fact]
    public void A_folder_of_the_functions_uses_only_folders_below_it() =>
        UpwardReferences("Deployer.Functions", Folders, Product).ShouldBeEmpty();

    [Fact]
    public void Every_folder_of_the_functions_has_its_place_in_the_order() =>
        Product
            .Types.Select(type => type.Namespace.FullName)
            .Where(name => name.StartsWith("Deployer.Functions.", StringComparison.Ordinal))
            .Select(name => name.Split('.')[2])
            .Distinct()
            .Except(Folders)
            .ShouldBeEmpty();

    /// <summary>Folders that form a circle have no order in which each uses only those before it.</summary>
    [Fact]
    public void A_circle_is_noticed_in_whichever_order_its_folders_are_named()
    {
        const string Folder = "Deployer.Functions.Tests.Architecture.Circle";

        UpwardReferences(Folder, ["First", "Second"], Circle).ShouldHaveSingleItem().ShouldContain("SecondOfCircle");
        UpwardReferences(Folder, ["Second", "First"], Circle).ShouldHaveSingleItem().ShouldContain("FirstOfCircle");
    }

    [Theory]
    [InlineData("Deployer.Functions", "Deployer.Rehearsal")]
    [InlineData("Deployer.Rehearsal", "Deployer.Functions")]
    [InlineData("Deployer.Rehearsal", "Deployer.Spec")]
    [InlineData("Deployer.Spec", "Deployer.Functions")]
    [InlineData("Deployer.Spec", "Deployer.Rehearsal")]
    public void A_project_does_not_know(string project, string other) =>
        Violations(
                Types()
                    .That()
                    .ResideInNamespaceMatching(Within(project))
                    .Should()
                    .NotDependOnAnyTypesThat()
                    .ResideInNamespaceMatching(Within(other)),
                Product
            )
            .ShouldBeEmpty();

    private static IReadOnlyList<string> UpwardReferences(string root, string[] folders, ArchUnitNET.Domain.Architecture architecture) =>
        [
            .. folders.SelectMany(
                (folder, level) =>
                    folders
                        .Skip(level + 1)
                        .SelectMany(above =>
                            Violations(
                                Types()
                                    .That()
                                    .ResideInNamespaceMatching(Within($"{root}.{folder}"))
                                    .Should()
                                    .NotDependOnAnyTypesThat()
                                    .ResideInNamespaceMatching(Within($"{root}.{above}"))
                                    .WithoutRequiringPositiveResults(),
                                architecture
                            )
                        )
            ),
        ];

    private static IReadOnlyList<string> Violations(IArchRule rule, ArchUnitNET.Domain.Architecture architecture) =>
        [.. rule.Evaluate(architecture).Where(result => !result.Passed).Select(result => result.Description)];

    private static string Within(string name) => $"^{name.Replace(".", @"\.", StringComparison.Ordinal)}(\\.|$)";
}
