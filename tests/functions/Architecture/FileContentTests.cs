using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Deployer.Functions.Tests.Architecture;

/// <summary>
/// What may stand in one source file: the type that the file is named for, and a small family beside it.
/// CONTRIBUTING has the rule in words.
/// </summary>
public sealed class FileContentTests
{
    /// <summary>The most lines of any type that shares the file of another.</summary>
    private const int LargestOfFamily = 60;

    /// <summary>The most lines of a class that has nothing to do with the others by its kind.</summary>
    private const int SmallClass = 25;

    private static readonly string[] Projects = ["cdk", "cli", "functions", "rehearsal", "sdk", "spec", "tests"];

    [Fact]
    public void Every_file_is_named_for_a_type_and_holds_none_that_is_no_small_part_of_it()
    {
        var root = Repository.Root;
        var files = Projects.SelectMany(project => SourceTextTests.Files(new DirectoryInfo(Path.Combine(root, project)), "*.cs")).ToList();

        files.Count.ShouldBeGreaterThan(1000);
        files
            .SelectMany(file => Breaches(Path.GetRelativePath(root, file.FullName).Replace('\\', '/'), File.ReadAllText(file.FullName)))
            .ShouldBeEmpty();
    }

    [Theory]
    [InlineData("record Stack(string Name); enum StackEnd { Good, Bad } interface IStackView { }")]
    [InlineData("abstract class Stack { } class Large : Stack { {long} }")]
    [InlineData("interface Stack { } class Real : Stack { {long} }")]
    [InlineData("class Stack { } class StackConverter : JsonConverter<Stack> { {long} } class StackGoneException : Exception { {long} }")]
    [InlineData("enum Stack { A } static class Stacks { {long} }")]
    [InlineData("class Stack { } class Small { }")]
    [InlineData("class One : Condition { {long} } class Other : Condition { {long} }")]
    public void A_small_family_may_share_a_file(string code) => Breaches("spec/Stack.cs", WithLines(code)).ShouldBeEmpty();

    [Theory]
    [InlineData("record Stacks(string Name);", "spec/Stack.cs holds no type Stack")]
    [InlineData("record One(string Name); record Other(string Name);", "spec/Stack.cs holds no type Stack")]
    [InlineData("class Stack { } class Queue { {long} }", "spec/Stack.cs: Queue belongs into a file of its own")]
    [InlineData("class Stack { } static class Queues { {long} }", "spec/Stack.cs: Queues belongs into a file of its own")]
    [InlineData("class Stack { } record Queue { {long}{long} }", "spec/Stack.cs: Queue belongs into a file of its own")]
    public void Everything_else_is_noticed(string code, string breach) => Breaches("spec/Stack.cs", WithLines(code)).ShouldBe([breach]);

    [Fact]
    public void Two_classes_of_tests_in_one_file_are_noticed_and_a_fixture_beside_its_tests_is_none()
    {
        const string Tests = "class StackTests { [Fact] public void One() { } }";
        const string More = "class QueueTests { [Theory] public void One() { } }";

        Breaches("tests/StackTests.cs", WithLines($"class Fixture {{ {{long}}{{long}} }} {Tests}")).ShouldBeEmpty();
        Breaches("tests/StackTests.cs", $"{Tests} {More}").ShouldBe(["tests/StackTests.cs: QueueTests belongs into a file of its own"]);
    }

    private static string WithLines(string code) => code.Replace("{long}", new string('\n', SmallClass + 5), StringComparison.Ordinal);

    private static IEnumerable<string> Breaches(string file, string text)
    {
        var types = CSharpSyntaxTree
            .ParseText(text)
            .GetCompilationUnitRoot()
            .DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .OfType<BaseTypeDeclarationSyntax>()
            .ToList();
        var name = Path.GetFileName(file).Split('.')[0];
        var main = types.Find(type => type.Identifier.Text == name);
        if (types.Count == 0 || main is null && IsFamily(types))
        {
            return [];
        }

        return main is null
            ? [$"{file} holds no type {name}"]
            : types
                .Where(type =>
                    type.Identifier.Text != name
                    && !(file.StartsWith("tests/", StringComparison.Ordinal) ? !HasTests(type) : IsPart(type, types))
                )
                .Select(type => $"{file}: {type.Identifier.Text} belongs into a file of its own");
    }

    /// <summary>Cases of one type that has a file of its own.</summary>
    private static bool IsFamily(IReadOnlyList<BaseTypeDeclarationSyntax> types) =>
        types.Count > 1 && types.Select(type => Bases(type).FirstOrDefault()).Distinct().ToList() is [not null];

    /// <summary>
    /// Data and how it is written, cases of another type in the file, names and texts of an enum or record of it, and what is small.
    /// </summary>
    private static bool IsPart(BaseTypeDeclarationSyntax type, IReadOnlyList<BaseTypeDeclarationSyntax> types)
    {
        var lines = Lines(type);
        return lines <= SmallClass
            || lines <= LargestOfFamily
                && (
                    type is RecordDeclarationSyntax or EnumDeclarationSyntax or InterfaceDeclarationSyntax
                    || Bases(type)
                        .Any(known => known is "JsonConverter" or "Exception" || types.Any(other => other.Identifier.Text == known))
                    || type.Modifiers.Any(SyntaxKind.StaticKeyword)
                        && types.Any(other =>
                            other is RecordDeclarationSyntax or EnumDeclarationSyntax
                            && type.Identifier.Text.StartsWith(other.Identifier.Text, StringComparison.Ordinal)
                        )
                );
    }

    private static IEnumerable<string> Bases(BaseTypeDeclarationSyntax type) =>
        (type.BaseList?.Types ?? []).Select(known => known.Type.ToString().Split('<')[0].Split('.')[^1]);

    private static int Lines(BaseTypeDeclarationSyntax type)
    {
        var span = type.SyntaxTree.GetLineSpan(type.Span);
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }

    private static bool HasTests(BaseTypeDeclarationSyntax type) =>
        type.DescendantNodes().OfType<AttributeSyntax>().Any(attribute => attribute.Name.ToString() is "Fact" or "Theory");
}
