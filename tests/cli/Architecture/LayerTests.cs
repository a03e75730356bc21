using System.Reflection;
using ArchUnitNET.Loader;
using Deployer.Functions.Tests.Architecture;
using Deployer.Rehearsal;
using Deployer.Spec;

namespace Deployer.Cli.Tests.Architecture;

/// <summary>The order of the folders of <c>cli/</c>, and the directions between all projects of the product.</summary>
public sealed class LayerTests
{
    /// <summary>
    /// The folders of <c>cli/</c> from the ground up: a folder uses only folders before it. The root puts the commands together.
    /// </summary>
    private static readonly string[] Folders =
    [
        "Output",
        "Commands",
        "Progress",
        "Places",
        "Rehearsals",
        "AwsAccounts",
        "Plans",
        "Deployments",
        "Doctor",
        "FaultList",
        "Records",
        "Bootstrap",
        "Init",
        "Validation",
        "Serving",
    ];

    private static readonly ArchUnitNET.Domain.Architecture Product = new ArchLoader().LoadAssemblies(typeof(Program).Assembly).Build();

    /// <summary>Everything that the program is made of and that is built here.</summary>
    private static readonly IReadOnlyDictionary<string, Assembly> Assemblies = Loaded(typeof(Program).Assembly);

    [Fact]
    public void A_folder_of_the_command_line_uses_only_folders_below_it() =>
        FolderOrder.UpwardReferences("Deployer.Cli", Folders, Product).ShouldBeEmpty();

    [Fact]
    public void Every_folder_of_the_command_line_has_its_place_in_the_order() =>
        FolderOrder.Folders("Deployer.Cli", Product).ShouldBe(Folders, ignoreOrder: true);

    [Fact]
    public void An_order_that_is_not_kept_is_noticed() =>
        FolderOrder
            .UpwardReferences("Deployer.Cli", ["Commands", "Output"], Product)
            .ShouldContain(found => found.Contains("DeployerCommand", StringComparison.Ordinal));

    [Fact]
    public void Each_project_knows_only_those_that_it_may()
    {
        Own(typeof(Program).Assembly).ShouldBe(["Deployer.Rehearsal", "Deployer.Spec", "deployer-functions"], ignoreOrder: true);
        Own(typeof(Functions.Startup).Assembly).ShouldBe(["Deployer.Spec"]);
        Own(typeof(AwsRehearsal).Assembly).ShouldBe(["Deployer.Protocols", "Deployer.WireDescriptions"], ignoreOrder: true);
        Own(typeof(SpecReader).Assembly).ShouldBeEmpty();
    }

    [Fact]
    public void The_sdk_knows_nothing_of_the_product()
    {
        var sdk = Assemblies.Where(assembly => !IsProduct(assembly.Key)).ToList();

        new[] { "Amazon.Lambda.Core", "AWSSDK.CloudFormation", "AWSSDK.StepFunctions", "Deployer.Protocols" }.ShouldBeSubsetOf(
            sdk.Select(assembly => assembly.Key)
        );
        sdk.SelectMany(assembly => Own(assembly.Value).Where(IsProduct).Select(known => $"{assembly.Key} knows {known}")).ShouldBeEmpty();
    }

    private static bool IsProduct(string name) => name is "deployer" or "deployer-functions" or "Deployer.Rehearsal" or "Deployer.Spec";

    /// <summary>The projects of ours, those of the sdk with names of their own among them, that an assembly refers to.</summary>
    private static IReadOnlyList<string> Own(Assembly assembly) =>
        [
            .. assembly
                .GetReferencedAssemblies()
                .Select(known => known.Name!)
                .Where(name => IsProduct(name) || name.StartsWith("Deployer.", StringComparison.Ordinal)),
        ];

    private static Dictionary<string, Assembly> Loaded(Assembly start)
    {
        var found = new Dictionary<string, Assembly>(StringComparer.Ordinal);
        var next = new Stack<Assembly>([start]);
        while (next.TryPop(out var assembly))
        {
            foreach (
                var name in assembly
                    .GetReferencedAssemblies()
                    .Where(name =>
                        name.Name!.StartsWith("Deployer.", StringComparison.Ordinal)
                        || name.Name.StartsWith("AWSSDK.", StringComparison.Ordinal)
                        || name.Name.StartsWith("Amazon.", StringComparison.Ordinal)
                        || IsProduct(name.Name)
                    )
            )
            {
                if (!found.ContainsKey(name.Name!))
                {
                    next.Push(found[name.Name!] = Assembly.Load(name));
                }
            }
        }

        return found;
    }
}
