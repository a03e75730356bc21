using System.Text.Json;
using Deployer.Rehearsal.CodeBuild.Tools;

namespace Deployer.Rehearsal.Tests.CodeBuild.Tools;

public sealed class CuratedImagesTests
{
    /// <summary>What the Dockerfiles name and the facts do not, whose packages are those in lower case, without groups.</summary>
    private static readonly string[] OfTheDockerfileAlone =
    [
        "AWS CLI v2",
        "SAM CLI",
        "Development tools",
        "ImageMagick",
        "xorg-x11-server-Xvfb",
    ];

    [Fact]
    public void Every_program_is_of_a_package_a_version_or_a_runtime_of_its_image_or_of_the_base_and_every_runtime_has_some()
    {
        var path = Repository.Shared("facts/codebuild-images.json");
        Assert.SkipWhen(path is null, "shared/facts is not beside this checkout: the programs were compared with nothing");
        using var facts = JsonDocument.Parse(File.ReadAllText(path!));
        var images = facts.RootElement.GetProperty("images").EnumerateObject().ToDictionary(image => image.Name, image => image.Value);

        images.Keys.ShouldBe(CuratedImages.Programs.Keys, ignoreOrder: true);
        foreach (var (name, image) in images)
        {
            var runtimes = image.GetProperty("runtimes").EnumerateObject().Select(runtime => runtime.Name).ToList();
            var known = image
                .GetProperty("packages")
                .EnumerateArray()
                .Select(package => package.GetString()!)
                .Concat(image.GetProperty("versions").EnumerateObject().Select(version => version.Name))
                .Concat(runtimes)
                .Concat(OfTheDockerfileAlone)
                .Append(CuratedImages.Base);
            var sources = CuratedImages.Programs[name].Select(program => program.Source).ToHashSet();

            sources.Except(known).ShouldBeEmpty($"sources of {name} that its facts do not have");
            runtimes.Except(sources).ShouldBeEmpty($"runtimes of {name} without a program");
            image.GetProperty("names_clojure").GetBoolean().ShouldBeFalse();
        }
    }

    [Fact]
    public void A_list_names_each_program_once_and_no_Clojure()
    {
        foreach (var (image, programs) in CuratedImages.Programs)
        {
            var names = programs.Select(program => program.Program).ToList();

            names.ShouldBeUnique(image);
            names.ShouldNotContain(name => name.Length == 0 || name == "clj" || name.StartsWith("clojure", StringComparison.Ordinal));
        }
    }

    /// <summary>What the template asks of an image: its own four are among those that a build can be given.</summary>
    [Theory]
    [InlineData("bash")]
    [InlineData("git")]
    [InlineData("curl")]
    [InlineData("tar")]
    [InlineData("sed")]
    [InlineData("sha256sum")]
    [InlineData("java")]
    [InlineData("aws")]
    public void All_have_what_ion_dev_needs(string program) =>
        CuratedImages.Programs.Values.ShouldAllBe(programs => programs.Any(one => one.Program == program));

    [Fact]
    public void The_usual_image_is_that_of_the_template() =>
        Repository.Text("template.yaml").ShouldContain($"  BuildImage:\n    Type: String\n    Default: {CuratedImages.Usual}\n");
}
