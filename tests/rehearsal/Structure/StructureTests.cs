using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Extensions;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using Deployer.Rehearsal.Tests.Structure.Circle.One;
using Deployer.Rehearsal.Tests.Structure.Circle.Two;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace Deployer.Rehearsal.Tests.Structure;

/// <summary>Which folders may know which, read from the compiled code.</summary>
public sealed class StructureTests
{
    private const string Root = "Deployer.Rehearsal";

    private static readonly Architecture Rehearsal = new ArchLoader().LoadAssemblies(typeof(AwsRehearsal).Assembly).Build();
    private static readonly Architecture Sample = new ArchLoader()
        .LoadNamespacesWithinAssembly(typeof(First).Assembly, typeof(First).Namespace!, typeof(Second).Namespace!)
        .Build();

    [Fact]
    public void No_folder_is_in_a_circle_with_another() => Circles(Folders(Rehearsal, Root)).ShouldBeEmpty();

    [Fact]
    public void A_circle_between_two_folders_is_noticed() =>
        Circles(Folders(Sample, $"{Root}.Tests.Structure.Circle")).ShouldBe(["One, Two"]);

    [Fact]
    public void The_world_knows_no_service_and_no_wire() => Knows("World");

    [Fact]
    public void The_wire_knows_no_service() => Knows("Wire", "World");

    // Tagging asks every service that has tagged resources, and CloudFormation is one: it gives the answer for stacks.
    [Fact]
    public void CloudFormation_knows_no_service_whose_resources_it_makes() => Knows("CloudFormation", "World", "Wire", "Yaml", "Tagging");

    [Fact]
    public void Only_the_accounts_set_up_before_a_rehearsal_know_Datomic() =>
        Folders(Rehearsal, Root).Where(edge => edge.To == "Datomic").Select(edge => edge.From).Distinct().ShouldBe(["Accounts"]);

    [Fact]
    public void The_rehearsal_knows_neither_the_functions_nor_the_service_file() =>
        typeof(AwsRehearsal)
            .Assembly.GetReferencedAssemblies()
            .Select(assembly => assembly.Name!)
            .Where(name => name.StartsWith("Deployer.", StringComparison.Ordinal))
            .ShouldBe(["Deployer.Protocols", "Deployer.WireDescriptions"], ignoreOrder: true);

    /// <summary>
    /// Inside one service's folder the parts of one mechanism know each other: a stack's operations, its resource types and its
    /// records; a template and what SAM and its language extensions make of it; an item and the expressions over it; a function and its
    /// invocations; a state, its expressions and the run that evaluates them.
    /// </summary>
    [Fact]
    public void Inside_a_folder_the_only_circles_are_those_of_one_mechanism() =>
        Circles(Namespaces(Rehearsal, Root))
            .ShouldBe([
                "CloudFormation.Requests, CloudFormation.ResourceTypes, CloudFormation.Stacks",
                "CloudFormation.Templates, CloudFormation.Templates.Extensions, CloudFormation.Templates.Sam",
                "DynamoDB, DynamoDB.Expressions",
                "Lambda, Lambda.Invocations",
                "StepFunctions, StepFunctions.Definitions, StepFunctions.Interpreter, StepFunctions.Jsonata, StepFunctions.Paths",
            ]);

    private static void Knows(string folder, params string[] others)
    {
        var allowed = string.Join('|', [folder, .. others]);
        Types()
            .That()
            .ResideInNamespaceMatching($@"^Deployer\.Rehearsal\.{folder}(\.|$)")
            .Should()
            .NotDependOnAny(Types().That().ResideInNamespaceMatching($@"^Deployer\.Rehearsal(\.(?!({allowed})(\.|$)).*)?$"))
            .Check(Rehearsal);
    }

    /// <summary>Which folders' types use which folders' types; the root, which puts everything together, left out.</summary>
    private static HashSet<(string From, string To)> Folders(Architecture architecture, string root) =>
        [
            .. Namespaces(architecture, root)
                .Select(edge => (From: edge.From.Split('.')[0], To: edge.To.Split('.')[0]))
                .Where(edge => edge.From != edge.To),
        ];

    private static HashSet<(string From, string To)> Namespaces(Architecture architecture, string root) =>
        [
            .. architecture
                .Types.SelectMany(type =>
                    type.GetTypeDependencies(architecture).Select(other => (From: Below(type, root), To: Below(other, root)))
                )
                .Where(edge => edge.From.Length > 0 && edge.To.Length > 0 && edge.From != edge.To),
        ];

    private static string Below(IType type, string root) =>
        type.Namespace?.FullName is { } name && name.StartsWith($"{root}.", StringComparison.Ordinal)
            ? name[(root.Length + 1)..]
            : string.Empty;

    private static List<string> Circles(HashSet<(string From, string To)> edges)
    {
        var reach = edges.ToLookup(edge => edge.From, edge => edge.To);
        var reached = reach.ToDictionary(from => from.Key, from => Reached(from.Key));
        return
        [
            .. reached
                .Keys.Select(one =>
                    string.Join(
                        ", ",
                        reached
                            .Keys.Where(other => reached[one].Contains(other) && reached[other].Contains(one))
                            .Order(StringComparer.Ordinal)
                    )
                )
                .Where(circle => circle.Length > 0)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

        HashSet<string> Reached(string start)
        {
            var found = new HashSet<string>(StringComparer.Ordinal);
            var next = new Stack<string>(reach[start]);
            while (next.TryPop(out var name))
            {
                if (found.Add(name))
                {
                    foreach (var other in reach[name])
                    {
                        next.Push(other);
                    }
                }
            }

            return found;
        }
    }
}
