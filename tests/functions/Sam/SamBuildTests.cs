using Deployer.Functions.Tests.StateMachines;
using YamlDotNet.RepresentationModel;

namespace Deployer.Functions.Tests.Sam;

/// <summary>
/// What <c>sam build</c> does for functions with <c>BuildMethod: makefile</c>, without SAM: in the folder of the code it makes
/// <c>build-LogicalId</c> with <c>ARTIFACTS_DIR</c> set, and packs what is there then.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/building-custom-runtimes.html</remarks>
public sealed class SamBuildTests : IDisposable
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../"));
    private static readonly string Code = Path.Combine(Root, "functions");
    private static readonly string Executable = Path.Combine(Root, "artifacts/native/deployer-functions");

    private readonly string _packages = Directory.CreateTempSubdirectory("deployer-sam-").FullName;

    [Fact]
    public async Task Every_function_is_built_by_the_makefile_beside_the_code()
    {
        var template = Product.Template();

        template["Globals"]["Function"]["CodeUri"].ToString().ShouldBe("functions/");
        Functions(template).ShouldNotBeEmpty();
        Functions(template).ShouldAllBe(function => function.Value["Metadata"]["BuildMethod"].ToString() == "makefile");
        Functions(template)
            .ShouldAllBe(function => !((YamlMappingNode)function.Value["Properties"]).Children.ContainsKey(new YamlScalarNode("CodeUri")));
        File.Exists(Path.Combine(Code, "Makefile")).ShouldBeTrue();
        // SAM would otherwise make in a copy of functions/, which lacks ../spec and ../sdk.
        (await File.ReadAllTextAsync(Path.Combine(Root, "samconfig.toml"), TestContext.Current.CancellationToken)).ShouldContain(
            "[default.build.parameters]\n# The functions stand on ../spec and ../sdk, which a copy of functions/ "
                + "would not hold.\nbuild_in_source = true\n"
        );
    }

    [Fact]
    public async Task The_makefile_puts_the_one_executable_into_the_package_of_each_function()
    {
        Assert.SkipUnless(Programs.OnPath("make"), "the program make is not installed, so the steps of sam build are not run");
        Assert.SkipUnless(
            File.Exists(Executable),
            "the functions are not published natively (build/native.sh), so the steps of sam build are not run"
        );
        var current = await Make("--question", "../artifacts/native/deployer-functions");
        Assert.SkipUnless(
            current.ExitCode == 0,
            "the native executable is older than the code (build/native.sh), so the steps of sam build are not run"
        );
        var published = File.GetLastWriteTimeUtc(Executable);
        var executable = await File.ReadAllBytesAsync(Executable, TestContext.Current.CancellationToken);

        foreach (var function in Functions(Product.Template()).Select(function => function.Key.ToString()))
        {
            var package = Directory.CreateDirectory(Path.Combine(_packages, function)).FullName;
            var made = await Make($"build-{function}", $"ARTIFACTS_DIR={package}");

            made.ExitCode.ShouldBe(0, made.Output);
            Directory.EnumerateFileSystemEntries(package).ShouldBe([Path.Combine(package, "bootstrap")]);
            var unpacked = await Programs.Run("stat", ["--format", "%a", Path.Combine(package, "bootstrap")]);
            unpacked.ShouldBe((0, "755"), "Lambda starts it as another user");
            (await File.ReadAllBytesAsync(Path.Combine(package, "bootstrap"), TestContext.Current.CancellationToken))
                .AsSpan()
                .SequenceEqual(executable)
                .ShouldBeTrue(function);
        }

        File.GetLastWriteTimeUtc(Executable).ShouldBe(published, "it was published anew, although the code did not change");
    }

    public void Dispose() => Directory.Delete(_packages, recursive: true);

    private static List<KeyValuePair<YamlNode, YamlNode>> Functions(YamlMappingNode template) =>
        [
            .. ((YamlMappingNode)template["Resources"]).Children.Where(resource =>
                resource.Value["Type"].ToString() == "AWS::Serverless::Function"
            ),
        ];

    private static Task<(int ExitCode, string Output)> Make(params string[] arguments) =>
        Programs.Run("make", ["--directory", Code, .. arguments]);
}
