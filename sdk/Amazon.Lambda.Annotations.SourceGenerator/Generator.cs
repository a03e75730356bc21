using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Amazon.Lambda.Annotations.SourceGenerator;

/// <summary>
/// Writes a wrapper for each handler, the program that serves the one that is asked for, and the entry of an in-process host.
/// </summary>
[Generator]
public sealed class Generator : IIncrementalGenerator
{
    private const string Annotations = "Amazon.Lambda.Annotations.";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var handlers = context
            .SyntaxProvider.ForAttributeWithMetadataName(
                Annotations + "LambdaFunctionAttribute",
                static (node, _) => node is MethodDeclarationSyntax,
                static (found, _) => Handler.Read(found)
            )
            .Collect();
        var startups = context
            .SyntaxProvider.ForAttributeWithMetadataName(
                Annotations + "LambdaStartupAttribute",
                static (node, _) => node is ClassDeclarationSyntax,
                static (found, _) => Startup.Read(found)
            )
            .Collect();
        var rootNamespace = context.AnalyzerConfigOptionsProvider.Select(
            static (options, _) => options.GlobalOptions.TryGetValue("build_property.RootNamespace", out var value) ? value : null
        );
        var project = context.CompilationProvider.Combine(rootNamespace).Select(static (pair, _) => Project.Read(pair.Left, pair.Right));

        context.RegisterSourceOutput(
            handlers.Combine(startups).Combine(project),
            static (output, all) => Write(output, all.Left.Left, all.Left.Right, all.Right)
        );
    }

    private static void Write(
        SourceProductionContext output,
        ImmutableArray<Handler> found,
        ImmutableArray<Startup> startups,
        Project project
    )
    {
        if (found.IsEmpty)
        {
            return;
        }

        if (startups.Length > 1)
        {
            output.ReportDiagnostic(
                Diagnostic.Create(Diagnostics.MultipleStartups, startups[1].Location.ToLocation(), startups[0].Class, startups[1].Class)
            );
        }

        if (project.Serializer is null)
        {
            output.ReportDiagnostic(Diagnostic.Create(Diagnostics.MissingSerializer, found[0].Location.ToLocation()));
            return;
        }

        var handlers = Check(output, found);
        var startup = startups.IsEmpty ? null : startups[0].Class;
        foreach (var handler in handlers)
        {
            output.AddSource($"{handler.Wrapper}.g.cs", WrapperSource.Write(handler, startup));
        }

        output.AddSource("InProcessProgram.g.cs", InProcessSource.Write(handlers, project, project.Serializer));
        if (project.GenerateMain)
        {
            output.AddSource("GeneratedProgram.g.cs", ProgramSource.Write(handlers, project, project.Serializer));
        }
    }

    private static List<Handler> Check(SourceProductionContext output, ImmutableArray<Handler> found)
    {
        var good = new List<Handler>();
        foreach (var handler in found)
        {
            if (
                handler.ResourceName is { } name
                && (name.Length == 0 || !name.All(letter => letter is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9')))
            )
            {
                output.ReportDiagnostic(Diagnostic.Create(Diagnostics.InvalidResourceName, handler.Location.ToLocation(), name));
            }

            if (handler.Fault is not null)
            {
                output.ReportDiagnostic(
                    Diagnostic.Create(Diagnostics.InvalidSignature, handler.Location.ToLocation(), handler.FullName, handler.Fault)
                );
            }
            else if (good.Find(other => other.Name == handler.Name) is { } taken)
            {
                output.ReportDiagnostic(
                    Diagnostic.Create(Diagnostics.DuplicateHandler, handler.Location.ToLocation(), handler.Name, taken.FullName)
                );
            }
            else
            {
                good.Add(handler);
            }
        }

        return good;
    }
}
