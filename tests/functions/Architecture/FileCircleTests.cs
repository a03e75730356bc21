using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Deployer.Functions.Tests.Architecture;

/// <summary>Files that use one another's types in a circle can only be understood together: such a circle stays small.</summary>
public sealed class FileCircleTests
{
    private const int LargestCircle = 4;

    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    [Theory]
    [InlineData("functions")]
    [InlineData("spec")]
    [InlineData("cli")]
    public void No_circle_of_files_is_larger_than_4(string project)
    {
        var folder = Path.Combine(Repository.Root, project);
        var files = SourceTextTests
            .Files(new DirectoryInfo(folder), "*.cs")
            .ToDictionary(file => Path.GetRelativePath(folder, file.FullName).Replace('\\', '/'), file => File.ReadAllText(file.FullName));

        files.Count.ShouldBeGreaterThan(100);
        Circles(files).Where(circle => circle.Count > LargestCircle).Select(circle => string.Join(", ", circle)).ShouldBeEmpty();
    }

    [Fact]
    public void A_circle_is_noticed_with_all_its_files_and_no_other()
    {
        var files = new Dictionary<string, string>
        {
            ["One.cs"] = "class One { Two? two; }",
            ["Two.cs"] = "class Two { string text = Three.Text; }",
            ["Three.cs"] = "static class Three { public const string Text = \"\"; public static void Add(this One one) { } }",
            ["Four.cs"] = "class Four { void Add() => new One().Add(); }",
            ["Five.cs"] = "/// <summary>Not a <see cref=\"Five\"/> of <see cref=\"Six\"/>.</summary>\nclass Five { Four? four; }",
            ["Six.cs"] = "class Six { Five? five; }",
        };

        Circles(files).ShouldHaveSingleItem().ShouldBe(["One.cs", "Three.cs", "Two.cs"]);
    }

    /// <summary>The files of each circle, in the order of their names.</summary>
    private static List<IReadOnlyList<string>> Circles(IReadOnlyDictionary<string, string> files)
    {
        var uses = Uses(files);
        var reached = uses.ToDictionary(file => file.Key, file => Reached(file.Key, uses));
        return
        [
            .. reached
                .Keys.Select(one => reached[one].Where(other => reached[other].Contains(one)).Order(StringComparer.Ordinal).ToList())
                .Where(circle => circle.Count > 1)
                .DistinctBy(circle => circle[0]),
        ];
    }

    private static HashSet<string> Reached(string start, IReadOnlyDictionary<string, HashSet<string>> uses)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var next = new Stack<string>(uses[start]);
        while (next.TryPop(out var file))
        {
            if (found.Add(file))
            {
                foreach (var other in uses[file])
                {
                    next.Push(other);
                }
            }
        }

        return found;
    }

    /// <summary>The files whose types, or members of them, a file names in its code.</summary>
    private static Dictionary<string, HashSet<string>> Uses(IReadOnlyDictionary<string, string> files)
    {
        var trees = files.Select(file => CSharpSyntaxTree.ParseText(file.Value, path: file.Key)).ToList();
        var compilation = CSharpCompilation.Create(
            "Files",
            [CSharpSyntaxTree.ParseText(ImplicitUsings), .. trees],
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
                .Split(Path.PathSeparator)
                .Where(assembly => !assembly.EndsWith("Deployer.Functions.dll", StringComparison.Ordinal))
                .Select(assembly => MetadataReference.CreateFromFile(assembly)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)
        );
        return trees.ToDictionary(
            tree => tree.FilePath,
            tree =>
            {
                var model = compilation.GetSemanticModel(tree);
                return tree.GetRoot()
                    .DescendantNodes()
                    .OfType<SimpleNameSyntax>()
                    .Select(name => model.GetSymbolInfo(name).Symbol)
                    .Select(symbol => (symbol as INamedTypeSymbol ?? symbol?.ContainingType)?.OriginalDefinition)
                    .SelectMany(type => type?.DeclaringSyntaxReferences.Select(declaration => declaration.SyntaxTree.FilePath) ?? [])
                    .Where(file => file != tree.FilePath)
                    .ToHashSet(StringComparer.Ordinal);
            }
        );
    }
}
