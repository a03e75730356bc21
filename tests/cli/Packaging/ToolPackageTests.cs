using System.Diagnostics;
using System.IO.Compression;

namespace Deployer.Cli.Tests.Packaging;

/// <summary>The .NET tool as somebody installs it: from a package alone, far from the sources.</summary>
public sealed class ToolPackageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-tool-").FullName;

    [Fact]
    public async Task The_packed_tool_installs_from_a_folder_and_runs()
    {
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var functions = Path.Combine(AppContext.BaseDirectory, "../../Deployer.Functions", configuration, "deployer-functions.dll");
        var built = File.GetLastWriteTimeUtc(functions);
        await DotNet(Repository.Root, "pack", "cli", "--no-build", "-c", configuration, "-o", _folder);
        File.GetLastWriteTimeUtc(functions).ShouldBe(built, "other tests are running these programs");
        await DotNet(
            _folder,
            "tool",
            "install",
            "Deployer",
            "--tool-path",
            Path.Combine(_folder, "tools"),
            "--source",
            _folder,
            "--prerelease"
        );

        var version = await Tool("--version");
        var valid = await Tool("validate", Repository.Example);
        var faults = await Tool("faults");
        var missing = await Tool("bootstrap", "tools", "--stage", "dev", "--parameter", "AllowedTargets=1", "--functions", "nowhere.zip");

        version.ExitCode.ShouldBe(0, version.Error);
        version.Output.ShouldStartWith("0.1.0");
        valid.ExitCode.ShouldBe(0, valid.Error);
        faults.ExitCode.ShouldBe(0, faults.Error);
        missing.ExitCode.ShouldBe(2);
        string[] files =
        [
            "product/template.yaml",
            "product/templates/target.yaml",
            "product/statemachines/deploy.asl.json",
            "functions/deployer-functions.dll",
        ];
        var installed = Directory.EnumerateFiles(Path.Combine(_folder, "tools"), "*", SearchOption.AllDirectories).ToList();
        files.ShouldAllBe(file => installed.Exists(path => path.EndsWith($"/{file}", StringComparison.Ordinal)));
    }

    /// <summary>
    /// What <c>deployer bootstrap tools</c> uploads without <c>--functions</c>: an executable called <c>bootstrap</c>, as the runtime
    /// starts it (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html).
    /// </summary>
    [Fact]
    public async Task The_packed_tool_carries_the_native_functions()
    {
        var native = Repository.At("artifacts/native/functions.zip");
        Assert.SkipUnless(File.Exists(native), "the functions are not published natively (build/native.sh), so no package has them");
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        await DotNet(Repository.Root, "pack", "cli", "--no-build", "-c", configuration, "-o", _folder);

        await using var package = await ZipFile.OpenReadAsync(
            Directory.EnumerateFiles(_folder, "*.nupkg").ShouldHaveSingleItem(),
            TestContext.Current.CancellationToken
        );
        var packed = package.Entries.Single(entry => entry.FullName.EndsWith("/product/functions.zip", StringComparison.Ordinal));
        using var bytes = new MemoryStream();
        await (await packed.OpenAsync(TestContext.Current.CancellationToken)).CopyToAsync(bytes, TestContext.Current.CancellationToken);

        bytes.ToArray().ShouldBe(await File.ReadAllBytesAsync(native, TestContext.Current.CancellationToken));
        await using var functions = await ZipFile.OpenReadAsync(native, TestContext.Current.CancellationToken);
        var executable = functions.Entries.ShouldHaveSingleItem();
        executable.FullName.ShouldBe("bootstrap");
        const int AnybodyRuns = 0b001_001_001;
        (executable.ExternalAttributes >> 16 & AnybodyRuns).ShouldBe(AnybodyRuns);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<Finished> Tool(params string[] arguments) => Run(Path.Combine(_folder, "tools", "deployer"), _folder, arguments);

    private static async Task DotNet(string folder, params string[] arguments)
    {
        var finished = await Run("dotnet", folder, arguments);
        finished.ExitCode.ShouldBe(0, finished.Output + finished.Error);
    }

    private static async Task<Finished> Run(string program, string folder, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        return await DeployerProcess.Finish(process);
    }
}
