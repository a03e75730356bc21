using System.Diagnostics;
using Deployer.Acceptance.Tests.Running;

namespace Deployer.Acceptance.Tests;

/// <summary>
/// What CI does when the functions cannot be published natively. Its programs are replaced by ones that only say that they ran.
/// </summary>
public sealed class ContinuousIntegrationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gcc")]
    [InlineData("clang")]
    public async Task A_native_build_that_fails_although_a_compiler_is_there_fails_it(string compiler)
    {
        var (code, output) = await Run(nativeFails: true, compiler);

        code.ShouldBe(1, output);
        output.ShouldContain("the native build has failed");
        output.ShouldContain("build/native.sh failed although a compiler is there");
        output.ShouldNotContain("dotnet test");
    }

    [Fact]
    public async Task Without_a_compiler_the_tests_run_and_it_says_what_is_missing()
    {
        var (code, output) = await Run(nativeFails: true);

        code.ShouldBe(0, output);
        output.ShouldContain("missing: the native executable");
        output.ShouldContain("dotnet test on the JIT");
    }

    [Fact]
    public async Task With_a_native_build_the_tests_expect_it()
    {
        var (code, output) = await Run(nativeFails: false, "gcc");

        code.ShouldBe(0, output);
        output.ShouldContain("dotnet test on native");
    }

    private async Task<(int Code, string Output)> Run(bool nativeFails, params string[] compilers)
    {
        var programs = Directory.CreateDirectory(Path.Combine(_folder.Path, "programs")).FullName;
        foreach (var program in new[] { "bash", "dirname", "mktemp", "rm", "cat", "tee", "awk" })
        {
            File.CreateSymbolicLink(Path.Combine(programs, program), Find(program));
        }

        await Write(Path.Combine(programs, "dotnet"), "echo \"dotnet $1 on ${DEPLOYER_EXPECTED_HOST:-the JIT}\"");
        await Write(Path.Combine(programs, "apt-get"), "exit 1");
        foreach (var compiler in compilers)
        {
            await Write(Path.Combine(programs, compiler), "exit 0");
        }

        var script = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder.Path, ".ci")).FullName, "run");
        File.Copy(Repository.At(".ci/run"), script);
        Directory.CreateDirectory(Path.Combine(_folder.Path, "build"));
        await Write(Path.Combine(_folder.Path, "build", "native.sh"), nativeFails ? "echo the native build has failed; exit 1" : "exit 0");
        var start = new ProcessStartInfo(Path.Combine(programs, "bash"), [script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["PATH"] = programs;
        start.Environment.Remove("DEPLOYER_EXPECTED_HOST");
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await errors);
    }

    private static string Find(string program) =>
        Environment
            .GetEnvironmentVariable("PATH")!
            .Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, program))
            .First(File.Exists);

    private static async Task Write(string path, string command)
    {
        await File.WriteAllTextAsync(path, $"#!{Find("bash")}\n{command}\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
