using System.Globalization;
using System.Text.RegularExpressions;

namespace Deployer.Functions.Tests.Native;

/// <summary>What <c>build/native.sh</c> has published.</summary>
public sealed partial class NativeExecutableTests(ITestOutputHelper output)
{
    /// <summary>The C library of Amazon Linux 2023, on which <c>provided.al2023</c> runs.</summary>
    private static readonly Version AmazonLinux2023 = new(2, 34);

    private static readonly string Executable = Path.GetFullPath(
        Path.Combine(AppContext.BaseDirectory, "../../../native/deployer-functions")
    );

    [Fact]
    public async Task It_asks_for_no_newer_C_library_than_Amazon_Linux_2023_has()
    {
        SkipUnlessPublished();
        Assert.SkipUnless(
            Programs.OnPath("objdump"),
            "the program objdump is not installed, so the symbols of the native executable are not read"
        );

        var symbols = await Programs.Run("objdump", ["-T", Executable]);
        var versions = GlibcVersion().Matches(symbols.Output).Select(match => Version.Parse(match.Groups["version"].Value)).ToList();

        versions.ShouldNotBeEmpty();
        versions.Max().ShouldBeLessThanOrEqualTo(AmazonLinux2023);
    }

    [Fact]
    public void It_stays_small_enough_to_start_fast()
    {
        SkipUnlessPublished();

        // At most 5 % more than the version before had; this one has a client of Service Quotas besides. Generic code of LINQ over tuples
        // and enums is what makes it grow for nothing.
        const long Measured = 31_767_544;
        new FileInfo(Executable).Length.ShouldBeLessThan(Measured + (Measured / 20));
    }

    [Fact]
    public async Task It_refuses_a_handler_that_it_does_not_have()
    {
        SkipUnlessPublished();

        var run = await Programs.Run(
            Executable,
            [],
            new Dictionary<string, string> { ["ANNOTATIONS_HANDLER"] = "Nonsense", ["AWS_LAMBDA_RUNTIME_API"] = "127.0.0.1:9" }
        );

        run.ExitCode.ShouldNotBe(0);
        run.Output.ShouldContain("ANNOTATIONS_HANDLER 'Nonsense' names no handler");
    }

    [Fact]
    public async Task It_starts_sooner_and_takes_less_memory_than_on_the_JIT()
    {
        SkipUnlessPublished();
        Assert.SkipUnless(Programs.OnPath("node"), "the program node is not installed, so start and memory are not measured");

        var run = await Programs.Run(
            "node",
            [Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../build/measure.mjs")), "--rounds", "2"]
        );

        run.ExitCode.ShouldBe(0, run.Output);
        output.WriteLine(run.Output);
        var figures = run
            .Output.Split('\n')
            .Where(line => line.StartsWith('|'))
            .Skip(2)
            .Select(line =>
                Figure()
                    .Matches(line[line.IndexOf('|', 1)..])
                    .Select(match => int.Parse(match.Value, CultureInfo.InvariantCulture))
                    .ToList()
            )
            .ToList();
        figures.Count.ShouldBe(3);
        figures.ShouldAllBe(row => row[0] < row[row.Count - 1], run.Output);
    }

    private static void SkipUnlessPublished() =>
        Assert.SkipUnless(
            File.Exists(Executable),
            "the functions are not published natively (build/native.sh), so their native executable is not tested"
        );

    [GeneratedRegex(@"\b\d+\b")]
    private static partial Regex Figure();

    [GeneratedRegex(@"\bGLIBC_(?<version>\d+\.\d+)")]
    private static partial Regex GlibcVersion();
}
