using System.Text.Json.Nodes;

namespace Deployer.Functions.Tests.Architecture;

/// <summary>What generators write, and what they leave alone.</summary>
public sealed class GeneratedFilesTests
{
    /// <summary>One file for each kind of thing in a package: client, constants, requests and answers, shapes, wire.</summary>
    private const int MostOfPackage = 5;

    [Fact]
    public void A_package_of_the_sdk_has_one_generated_file_for_each_kind_of_thing()
    {
        var folders = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "sdk"), "Generated", SearchOption.AllDirectories);
        var counts = folders
            .Where(folder => !folder.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .ToDictionary(folder => Path.GetFileName(Path.GetDirectoryName(folder)!), folder => Directory.GetFiles(folder, "*.cs").Length);

        counts.Count.ShouldBeGreaterThan(10);
        counts.ShouldAllBe(package => package.Value > 0 && package.Value <= MostOfPackage);
    }

    /// <summary>
    /// The official generator of Amazon.Lambda.Annotations writes the template that this file names, and serverless.template beside the
    /// project where there is none: https://www.nuget.org/packages/Amazon.Lambda.Annotations#synchronizing-cloudformation-template
    /// </summary>
    [Fact]
    public void The_official_generator_writes_its_template_to_where_nothing_is_kept()
    {
        var functions = Path.Combine(Repository.Root, "functions");
        var defaults = JsonNode.Parse(File.ReadAllText(Path.Combine(functions, "aws-lambda-tools-defaults.json")))!;

        var template = Path.GetFullPath(Path.Combine(functions, defaults["template"]!.GetValue<string>()));

        Path.GetDirectoryName(template).ShouldBe(Path.Combine(Repository.Root, "artifacts"));
        File.ReadAllLines(Path.Combine(Repository.Root, ".gitignore")).ShouldContain(line => line.Trim('/') == "artifacts");
        File.Exists(Path.Combine(functions, "serverless.template")).ShouldBeFalse();
    }
}
