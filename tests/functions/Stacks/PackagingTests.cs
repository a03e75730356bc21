using System.IO.Compression;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Stacks;
using Deployer.Spec.Sources;
using Deployer.Spec.Tests;

namespace Deployer.Functions.Tests.Stacks;

public sealed class PackagingTests
{
    private static readonly Settings Deployer = new("dev", "table", "bucket", string.Empty, string.Empty, new HashSet<string>())
    {
        Region = "us-east-1",
    };

    [Fact]
    public void Paths_become_addresses_and_the_rest_stays_as_it_is()
    {
        var folder = new MemoryFolder(
            (
                "stacks/root.yaml",
                "Resources: # kept\n  Code: { Type: AWS::Lambda::Function, Properties: { Code: ../src, Role: "
                    + "!GetAtt Role.Arn } }\n  Sam: { Type: AWS::Serverless::Function, Properties: { CodeUri: ../src } }\n"
            ),
            ("src/index.js", "exports.handler = 1;")
        );

        var packaged = Package(folder, "stacks/root.yaml");

        var code = packaged.Objects.ShouldHaveSingleItem();
        code.Key.ShouldMatch("^artifacts/inventory/[0-9a-f]{64}\\.zip$");
        packaged.Text.ShouldBe(
            $$"""Resources: # kept{{"\n"}}  Code: { Type: AWS::Lambda::Function, Properties: { """
                + $$"""Code: { "S3Bucket": "bucket", "S3Key": "{{code.Key}}" }, Role: !GetAtt Role.Arn } }{{"\n"}}"""
                + $$"""  Sam: { Type: AWS::Serverless::Function, Properties: { CodeUri: "s3://bucket/{{code.Key}}" } }{{"\n"}}"""
        );
        using var zip = new ZipArchive(code.Open());
        zip.Entries.ShouldHaveSingleItem().FullName.ShouldBe("index.js");
    }

    [Fact]
    public void A_nested_template_is_packaged_before_the_one_that_names_it()
    {
        var folder = new MemoryFolder(
            (
                "root.json",
                """
                { "Resources": { "Inner": { "Type": "AWS::CloudFormation::Stack",
                  "Properties": { "TemplateURL": "nested/inner.yaml" } } } }
                """
            ),
            (
                "nested/inner.yaml",
                "Resources: { Machine: { Type: AWS::StepFunctions::StateMachine, Properties: { DefinitionS3Location: machine.json } } }"
            ),
            ("nested/machine.json", "{}")
        );

        var packaged = Package(folder, "root.json");

        var inner = packaged.Objects.Single(artifact => artifact.TemplateUrl is not null);
        var machine = packaged.Objects.Single(artifact => artifact.TemplateUrl is null);
        inner.TemplateUrl.ShouldBe($"https://bucket.s3.us-east-1.amazonaws.com/{inner.Key}");
        packaged.Text.ShouldContain($"\"TemplateURL\": \"{inner.TemplateUrl}\"");
        inner.Text().ShouldContain($$"""DefinitionS3Location: { "Bucket": "bucket", "Key": "{{machine.Key}}" }""");
        machine.Key.ShouldEndWith(".json");
    }

    [Fact]
    public void The_text_depends_on_what_the_paths_hold()
    {
        MemoryFolder Folder(string code) =>
            new(("root.yaml", "Resources: { F: { Type: AWS::Lambda::Function, Properties: { Code: src } } }"), ("src/index.js", code));

        Package(Folder("a"), "root.yaml").Text.ShouldBe(Package(Folder("a"), "root.yaml").Text);
        Package(Folder("a"), "root.yaml").Text.ShouldNotBe(Package(Folder("b"), "root.yaml").Text);
    }

    [Fact]
    public void A_package_that_is_a_zip_already_is_not_packed_again()
    {
        var folder = new MemoryFolder(
            ("root.yaml", "Resources: { F: { Type: AWS::Lambda::Function, Properties: { Code: out/f.jar } } }"),
            ("out/f.jar", "jar")
        );

        var jar = Package(folder, "root.yaml").Objects.ShouldHaveSingleItem();

        (jar.Text(), Path.GetExtension(jar.Key)).ShouldBe(("jar", ".jar"));
    }

    [Fact]
    public void A_large_package_is_not_held_in_memory()
    {
        const int Size = 32 * 1024 * 1024;
        var bytes = new byte[Size];
        new Random(1).NextBytes(bytes);
        var folder = new MemoryFolder(("root.yaml", "Resources: { F: { Type: AWS::Lambda::Function, Properties: { Code: src } } }")).With(
            "src/large",
            bytes
        );
        var before = GC.GetAllocatedBytesForCurrentThread();

        var packaged = Package(folder, "root.yaml").Objects.ShouldHaveSingleItem();
        using var content = packaged.Open();

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(Size / 8);
        content.Length.ShouldBeGreaterThan(Size);
        packaged.Key.ShouldContain(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content)));
    }

    [Fact]
    public void Code_for_another_region_is_refused()
    {
        var folder = new MemoryFolder(
            ("root.yaml", "Resources: { F: { Type: AWS::Lambda::Function, Properties: { Code: src } } }"),
            ("src/index.js", "1")
        );

        Should
            .Throw<SpecInvalidException>(() => new Packaging(folder, "inventory", Deployer, "eu-west-1").Package(Parse("root.yaml")))
            .Message.ShouldBe(
                "root.yaml:1:68: code would be in the deployer's bucket in us-east-1, and Lambda in eu-west-1 "
                    + "takes code from its own region only; name an object there"
            );
    }

    private static PackagedTemplate Package(MemoryFolder folder, string template) =>
        new Packaging(folder, "inventory", Deployer, "us-east-1").Package(Parse(template));

    private static RelativePath Parse(string path) =>
        RelativePath.TryParse(path, out var parsed, out var problem) ? parsed : throw new ArgumentException(problem, nameof(path));
}
