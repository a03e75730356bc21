using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deployer.Cdk.Tests;

/// <summary>
/// The app as the CDK's command line starts it: a process with the output folder and the context in its environment.
/// </summary>
/// <remarks>https://github.com/aws/aws-cdk/blob/v2.160.0/packages/aws-cdk-lib/cx-api/lib/cxapi.ts</remarks>
[Collection("CDK")]
public sealed class AppTests(SynthesisedStacks stacks) : IClassFixture<SynthesisedStacks>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-cdk-app-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_makes_the_stacks_of_the_configuration_that_the_context_names()
    {
        var functions = Path.Combine(_folder, "deployer-functions");
        await File.WriteAllTextAsync(functions, "stands for the executable", TestContext.Current.CancellationToken);
        var configuration = JsonNode.Parse(await File.ReadAllTextAsync(Repository.At("cdk/deployer.json")))!.AsObject();
        configuration["functions"] = functions;
        var file = Path.Combine(_folder, "mine.json");
        await File.WriteAllTextAsync(file, configuration.ToJsonString(), TestContext.Current.CancellationToken);

        var (exitCode, error) = await Run(file);

        exitCode.ShouldBe(0, error);
        var made = Directory
            .GetFiles(Path.Combine(_folder, "cdk.out"), "*.template.json")
            .ToDictionary(path => Path.GetFileName(path)[..^".template.json".Length], File.ReadAllText);
        made.Keys.ShouldBe(stacks.Files.Keys, ignoreOrder: true);
        foreach (var (stack, text) in made)
        {
            JsonNode.DeepEquals(JsonNode.Parse(text), stacks.Template(stack)).ShouldBeTrue(stack);
        }
    }

    [Fact]
    public async Task A_configuration_that_there_is_not_ends_with_2_and_its_name()
    {
        var (exitCode, error) = await Run(Path.Combine(_folder, "none.json"));

        exitCode.ShouldBe(2, error);
        // Before it jsii may warn of the version of Node.
        error.Trim().Split('\n')[^1].ShouldContain("none.json");
        error.ShouldNotContain("   at ");
    }

    /// <summary>What <c>cdk deploy --all</c> runs, and the configuration that it names, are there.</summary>
    [Fact]
    public async Task The_file_of_the_CDK_names_the_app_and_its_configuration()
    {
        var file = JsonNode.Parse(await File.ReadAllTextAsync(Repository.At("cdk/cdk.json")))!;

        var words = ((string)file["app"]!).Split(' ');
        words[..^1].ShouldBe(["dotnet", "run", "--project"]);
        File.Exists(Repository.At($"cdk/{words[^1]}")).ShouldBeTrue();
        File.Exists(Repository.At($"cdk/{file["context"]!["configuration"]}")).ShouldBeTrue();
    }

    private async Task<(int ExitCode, string Error)> Run(string configuration)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "deployer-cdk.dll")])
        {
            WorkingDirectory = Repository.At("cdk"),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["CDK_OUTDIR"] = Path.Combine(_folder, "cdk.out");
        start.Environment["CDK_CONTEXT_JSON"] = JsonSerializer.Serialize(
            new Dictionary<string, string> { ["configuration"] = configuration }
        );
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await output;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, error);
    }
}
