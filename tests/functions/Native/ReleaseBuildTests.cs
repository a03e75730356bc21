using Deployer.Spec.Faults;
using Deployer.Spec.Yaml;

namespace Deployer.Functions.Tests.Native;

/// <summary>
/// The build on CodeBuild that makes the functions' zip where nobody has a machine for it.
/// https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
/// </summary>
public sealed class ReleaseBuildTests
{
    private const string File = "build/release.buildspec.yml";

    [Fact]
    public void Its_artifact_is_what_the_native_build_writes_and_the_deployer_uploads()
    {
        var text = System.IO.File.ReadAllText(Repository.At(File));
        var faults = new FaultList();
        YamlReader.Read(text, File, faults).ShouldNotBeNull();
        faults.InOrder().ShouldBeEmpty();

        text.ShouldContain("\nartifacts:\n  files:\n    - functions.zip\n  base-directory: artifacts/native\n");
        System
            .IO.File.ReadAllText(Repository.At("build/native.sh"))
            .ShouldContain("\"$folder/functions.zip\" artifacts/native/functions.zip");
    }

    [Fact]
    public void Its_project_runs_it_on_the_image_that_it_names_and_keeps_what_it_leaves()
    {
        var project = System.IO.File.ReadAllText(Repository.At("build/release.project.yaml"));

        project.ShouldContain($"BuildSpec: {File}\n");
        project.ShouldContain("Image: aws/codebuild/amazonlinux-x86_64-standard:5.0\n");
        System.IO.File.ReadAllText(Repository.At(File)).ShouldContain("image aws/codebuild/amazonlinux-x86_64-standard:5.0");
        System.IO.File.ReadAllText(Repository.At(File)).ShouldContain("\"${TESTS:-yes}\" = yes");
        project.ShouldContain("{ Name: TESTS, Value: !Ref Tests }");
    }

    [Theory]
    [InlineData("build/native.sh")]
    [InlineData("global.json")]
    [InlineData("samconfig.toml")]
    public void What_it_runs_and_reads_is_in_the_repository(string path)
    {
        System.IO.File.ReadAllText(Repository.At(File)).ShouldContain(path);
        System.IO.File.Exists(Repository.At(path)).ShouldBeTrue();
    }
}
