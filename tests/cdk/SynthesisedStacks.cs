using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.CDK;

namespace Deployer.Cdk.Tests;

/// <summary>The stacks of the configuration in <c>cdk/</c>, over functions that only stand for the executable.</summary>
public sealed class SynthesisedStacks : IDisposable
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-cdk-").FullName;

    public SynthesisedStacks() => Files = Synthesise("once");

    /// <summary>The template files, by the names of their stacks.</summary>
    public IReadOnlyDictionary<string, string> Files { get; }

    /// <summary>The template of a stack.</summary>
    public JsonObject Template(string stack) => JsonNode.Parse(File.ReadAllText(Files[stack]))!.AsObject();

    /// <summary>The template of a stack as a snapshot keeps it.</summary>
    public string Text(string stack) => Template(stack).ToJsonString(Indented) + "\n";

    /// <summary>Synthesises the stacks again.</summary>
    public IReadOnlyDictionary<string, string> Synthesise(string name)
    {
        var functions = Path.Combine(_folder, name, "deployer-functions");
        Directory.CreateDirectory(Path.GetDirectoryName(functions)!);
        File.WriteAllText(functions, "stands for the executable");
        var output = Path.Combine(_folder, name, "cdk.out");
        var app = new App(new AppProps { Outdir = output });
        Program.AddStacks(app, Configuration.Read(Repository.At("cdk/deployer.json")) with { Functions = functions });
        app.Synth();
        return Directory
            .GetFiles(output, "*.template.json")
            .ToDictionary(path => Path.GetFileName(path)[..^".template.json".Length], StringComparer.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
