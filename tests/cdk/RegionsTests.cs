using System.Text.Json.Nodes;
using Amazon.CDK;

namespace Deployer.Cdk.Tests;

// The CDK speaks with one process of Node over one pipe.
[Collection("CDK")]
public sealed class RegionsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-cdk-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The deployer finds the stack by its name, in the region of a target (deployer doctor).</summary>
    [Fact]
    public void The_stack_of_a_further_region_has_the_same_name_there_and_makes_no_roles()
    {
        var manifest = Synthesise();
        var stacks = manifest["artifacts"]!
            .AsObject()
            .Where(artifact => artifact.Key.StartsWith("deployer-target-dev", StringComparison.Ordinal))
            .Where(artifact => artifact.Value!["type"]!.ToString() == "aws:cloudformation:stack")
            .ToList();

        stacks
            .Select(stack => $"{stack.Value!["properties"]!["stackName"] ?? stack.Key} {stack.Value["environment"]}")
            .ShouldBe(
                ["deployer-target-dev aws://111111111111/us-east-1", "deployer-target-dev aws://111111111111/eu-west-1"],
                ignoreOrder: true
            );
        stacks.Select(stack => Roles(stack.Key)).ShouldBe(["Yes", "No"], ignoreOrder: true);
        // The roles are there before anything of the further region asks for them.
        stacks.Single(stack => Roles(stack.Key) == "No").Value!["dependencies"]!
            .AsArray()
            .Select(dependency => dependency!.ToString())
            .ShouldContain("deployer-target-dev");
    }

    private string Roles(string artifact) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, "cdk.out", $"{artifact}.template.json")))!["Conditions"]!["MakesRoles"]![
            "Fn::Equals"
        ]![0]!.ToString();

    private JsonObject Synthesise()
    {
        var functions = Path.Combine(_folder, "deployer-functions");
        File.WriteAllText(functions, "stands for the executable");
        var file = Path.Combine(_folder, "deployer.json");
        File.WriteAllText(
            file,
            File.ReadAllText(Repository.At("cdk/deployer.json"))
                .Replace(
                    "\"account\": \"111111111111\", \"regions\": [\"us-east-1\"]",
                    "\"account\": \"111111111111\", \"regions\": [\"us-east-1\", \"eu-west-1\"]",
                    StringComparison.Ordinal
                )
        );
        var output = Path.Combine(_folder, "cdk.out");
        var app = new App(new AppProps { Outdir = output });
        Program.AddStacks(app, Configuration.Read(file) with { Functions = functions });
        app.Synth();
        return JsonNode.Parse(File.ReadAllText(Path.Combine(output, "manifest.json")))!.AsObject();
    }
}
