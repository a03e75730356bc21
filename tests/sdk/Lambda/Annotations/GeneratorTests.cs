using Amazon.Lambda.Annotations.SourceGenerator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Deployer.Sdk.Tests.Lambda.Annotations;

public sealed class GeneratorTests
{
    private const string Prelude = """
        using System.IO;
        using System.Threading.Tasks;
        using Amazon.Lambda.Annotations;
        using Amazon.Lambda.Core;
        using Microsoft.Extensions.DependencyInjection;

        """;

    private const string Serializer = """
        [assembly: LambdaSerializer(typeof(Sample.Serializer))]
        [assembly: LambdaGlobalProperties(GenerateMain = true)]
        namespace Sample
        {
            public class Serializer : ILambdaSerializer
            {
                public T Deserialize<T>(Stream requestStream) => default;
                public void Serialize<T>(T response, Stream responseStream) { }
            }
        }

        """;

    private static readonly IReadOnlyList<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    [Fact]
    public void The_generated_code_is_the_approved_one_and_compiles()
    {
        var (sources, diagnostics) = Generate(
            Prelude
                + Serializer
                + """
                namespace Sample
                {
                    [LambdaStartup] public class Startup { public void ConfigureServices(IServiceCollection services) { } }
                    public class Stacks
                    {
                        [LambdaFunction(ResourceName = "BeginStack")]
                        public Task<string> BeginStack(int input, [FromServices] System.Uri uri, ILambdaContext context) =>
                            Task.FromResult("");
                    }
                }
                """
        );

        diagnostics.ShouldBeEmpty();
        var text = string.Join("", sources.Select(source => $"// {source.HintName}\n{source.SourceText}"));
        var approved = Path.Combine(Repository.Root, "tests", "sdk", "Lambda", "Annotations", "approved-source.txt");
        if (Environment.GetEnvironmentVariable("DEPLOYER_APPROVE_API") == "1")
        {
            File.WriteAllText(approved, text);
        }
        text.ShouldBe(File.ReadAllText(approved), StringCompareShould.IgnoreLineEndings);
    }

    [Fact]
    public void Two_handlers_of_one_name_are_refused() =>
        Faults(
                "class A { [LambdaFunction] public Task<string> Go(int input) => null; } "
                    + "class B { [LambdaFunction] public Task<string> Go(int input) => null; }"
            )
            .ShouldBe(["AWSLambda0901: The handler name 'Go' is taken by 'A.Go': ANNOTATIONS_HANDLER could not tell them apart"]);

    [Theory]
    [InlineData("public string Go(int input) => null;", "returns 'string'")]
    [InlineData("public async void Go(int input) { }", "returns 'void'")]
    [InlineData("public ValueTask<string> Go(int input) => default;", "returns 'System.Threading.Tasks.ValueTask<string>'")]
    [InlineData("public Task<string> Go(ILambdaContext context) => null;", "takes no payload")]
    [InlineData("public Task<string> Go(int input, string other) => null;", "takes a second payload, 'other'")]
    [InlineData("public Task<string> Go(ref int input) => null;", "takes 'input' by reference")]
    [InlineData("public static Task<string> Go(int input) => null;", "is static")]
    [InlineData("private Task<string> Go(int input) => null;", "is neither public nor internal")]
    [InlineData("public Task<string> Go<T>(T input) => null;", "is generic")]
    public void A_method_that_cannot_be_served_is_refused(string method, string fault) =>
        Faults($"class A {{ [LambdaFunction] {method} }}").Single().ShouldStartWith($"AWSLambda0902: The handler 'A.Go' {fault};");

    [Fact]
    public void An_abstract_class_is_refused() =>
        Faults("abstract class A { [LambdaFunction] public Task<string> Go(int input) => null; }")
            .Single()
            .ShouldContain("belongs to a class that cannot be created");

    [Fact]
    public void A_second_startup_is_refused() =>
        Faults(
                "[LambdaStartup] class S { } [LambdaStartup] class T { } "
                    + "class A { [LambdaFunction] public Task<string> Go(int input) => null; }"
            )
            .ShouldContain("AWSLambda0101: Only one class may carry LambdaStartup, but 'global::S' and 'global::T' do");

    [Theory]
    [InlineData("Begin-Stack")]
    [InlineData("")]
    public void A_resource_name_that_is_no_logical_id_is_refused(string name) =>
        Faults($"class A {{ [LambdaFunction(ResourceName = \"{name}\")] public Task<string> Go(int input) => null; }}")
            .ShouldContain($"AWSLambda0106: The resource name '{name}' is not valid: a logical id has letters and digits only");

    [Fact]
    public void Handlers_without_a_serializer_are_refused() =>
        Generate(Prelude + "class A { [LambdaFunction] public Task<string> Go(int input) => null; }")
            .Diagnostics.ShouldHaveSingleItem()
            .ShouldStartWith("AWSLambda0108");

    [Fact]
    public void Without_handlers_nothing_is_generated() => Generate(Prelude + Serializer).Sources.ShouldBeEmpty();

    private static IReadOnlyList<string> Faults(string source) => Generate(Prelude + Serializer + source).Diagnostics;

    private static (IReadOnlyList<GeneratedSourceResult> Sources, IReadOnlyList<string> Diagnostics) Generate(string source)
    {
        // The name is one that RuntimeSupport opens its in-process seam to.
        var compilation = CSharpCompilation.Create(
            "deployer-functions",
            [CSharpSyntaxTree.ParseText(source)],
            References,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication)
        );
        var driver = CSharpGeneratorDriver
            .Create(new Generator())
            .RunGeneratorsAndUpdateCompilation(compilation, out var updated, out var diagnostics);
        var errors =
            diagnostics.IsEmpty && !driver.GetRunResult().GeneratedTrees.IsEmpty
                ? updated.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
                : diagnostics;
        return ([.. driver.GetRunResult().Results[0].GeneratedSources], [.. errors.Select(error => $"{error.Id}: {error.GetMessage()}")]);
    }
}
