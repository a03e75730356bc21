using ArchUnitNET.Loader;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Architecture.Circle.First;
using Deployer.Rehearsal.World;
using Deployer.Spec;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace Deployer.Functions.Tests.Architecture;

/// <summary>
/// The order of the folders of <c>functions/</c> and of <c>spec/</c>, and the directions between their projects; those of <c>cli/</c> and
/// of <c>sdk/</c> are in <c>tests/cli</c>, where everything is at hand.
/// </summary>
public sealed class LayerTests
{
    /// <summary>
    /// The folders of <c>functions/</c> from the ground up: a folder uses only folders before it. The kinds of step have the order
    /// that they themselves give, as long as they are in no circle.
    /// </summary>
    private static string[] Folders =>
        [
            "Errors",
            "Accounts",
            "Ledger",
            "Logs",
            "Notifications",
            "Lock",
            "Steps",
            .. Ordered(KindFolders()),
            "DevelopmentInstances",
            "Approvals",
            "OutsideChanges",
            "Deployments",
            "Plans",
            "Checks",
            "Pipeline",
            "Resume",
        ];

    /// <summary>The folders of <c>spec/</c> in the same way; <c>Reading</c> puts them together.</summary>
    private static readonly string[] SpecFolders =
    [
        "Faults",
        "Expressions",
        "Sources",
        "Edn",
        "Ions",
        "Steps",
        "Yaml",
        "Binding",
        "Shapes",
        "Datomic",
        "Templates",
        "Rules",
        "Kinds",
        "Pipelines",
        "Reading",
    ];

    private static readonly ArchUnitNET.Domain.Architecture Product = new ArchLoader()
        .LoadAssemblies(typeof(Startup).Assembly, typeof(SpecReader).Assembly, typeof(RehearsalWorld).Assembly)
        .Build();

    private static readonly ArchUnitNET.Domain.Architecture Circle = new ArchLoader()
        .LoadNamespacesWithinAssembly(typeof(FirstOfCircle).Assembly, "Deployer.Functions.Tests.Architecture.Circle")
        .Build();

    private static List<string> KindFolders() =>
        [
            .. typeof(Startup)
                .Assembly.GetTypes()
                .Where(type => type.IsAssignableTo(typeof(IStepKind)) && !type.IsInterface)
                .Select(type => type.Namespace!.Split('.')[^1])
                .Distinct(),
        ];

    /// <summary>Folders, each after those that it uses; those of a circle as they come, so that the rule names it.</summary>
    private static IEnumerable<string> Ordered(List<string> folders)
    {
        while (folders.Count > 0)
        {
            var next =
                folders.Find(folder =>
                    folders.TrueForAll(other =>
                        other == folder || FolderOrder.UpwardReferences("Deployer.Functions", [folder, other], Product).Count == 0
                    )
                ) ?? folders[0];
            folders.Remove(next);
            yield return next;
        }
    }

    [Fact]
    public void A_folder_of_the_functions_uses_only_folders_below_it() =>
        FolderOrder.UpwardReferences("Deployer.Functions", Folders, Product).ShouldBeEmpty();

    [Fact]
    public void A_folder_of_the_service_file_uses_only_folders_below_it() =>
        FolderOrder.UpwardReferences("Deployer.Spec", SpecFolders, Product).ShouldBeEmpty();

    [Fact]
    public void Every_folder_has_its_place_in_the_order()
    {
        FolderOrder.Folders("Deployer.Functions", Product).ShouldBe(Folders, ignoreOrder: true);
        FolderOrder.Folders("Deployer.Spec", Product).ShouldBe(SpecFolders, ignoreOrder: true);
    }

    /// <summary>Folders that form a circle have no order in which each uses only those before it.</summary>
    [Fact]
    public void A_circle_is_noticed_in_whichever_order_its_folders_are_named()
    {
        const string Folder = "Deployer.Functions.Tests.Architecture.Circle";

        FolderOrder.UpwardReferences(Folder, ["First", "Second"], Circle).ShouldHaveSingleItem().ShouldContain("SecondOfCircle");
        FolderOrder.UpwardReferences(Folder, ["Second", "First"], Circle).ShouldHaveSingleItem().ShouldContain("FirstOfCircle");
    }

    [Theory]
    [InlineData("Deployer.Functions", "Deployer.Rehearsal")]
    [InlineData("Deployer.Rehearsal", "Deployer.Functions")]
    [InlineData("Deployer.Rehearsal", "Deployer.Spec")]
    [InlineData("Deployer.Spec", "Deployer.Functions")]
    [InlineData("Deployer.Spec", "Deployer.Rehearsal")]
    public void A_project_does_not_know(string project, string other) =>
        FolderOrder
            .Violations(
                Types()
                    .That()
                    .ResideInNamespaceMatching(FolderOrder.Within(project))
                    .Should()
                    .NotDependOnAnyTypesThat()
                    .ResideInNamespaceMatching(FolderOrder.Within(other)),
                Product
            )
            .ShouldBeEmpty();
}
