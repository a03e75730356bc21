using System.Text.RegularExpressions;

namespace Deployer.Spec.Tests.Images;

/// <summary>
/// What can be seen of the transactor's image without a Docker engine: <c>examples/transactor/image/Dockerfile</c> as it is written.
/// </summary>
public sealed partial class DockerfileTests
{
    private static readonly string Folder = Repository.At("examples/transactor/image");

    /// <summary>Its instructions, lines that go on joined and comments left out.</summary>
    private static readonly IReadOnlyList<string> Instructions =
    [
        .. Continued()
            .Replace(Comment().Replace(File.ReadAllText(Path.Combine(Folder, "Dockerfile")), string.Empty), " ")
            .Split('\n')
            .Select(line => Spaces().Replace(line, " ").Trim())
            .Where(line => line.Length > 0),
    ];

    /// <summary>The instructions of the stage that becomes the image.</summary>
    private static IReadOnlyList<string> Last =>
        [.. Instructions.Skip(Instructions.ToList().FindLastIndex(line => line.StartsWith("FROM ", StringComparison.Ordinal)))];

    [Fact]
    public void The_release_is_fetched_in_a_stage_of_its_own_and_copied_from_there()
    {
        Instructions.Count(line => line.StartsWith("FROM ", StringComparison.Ordinal)).ShouldBe(2);
        Instructions.ShouldContain(line =>
            line.StartsWith("FROM ", StringComparison.Ordinal) && line.EndsWith(" AS release", StringComparison.Ordinal)
        );
        Last.ShouldContain("COPY --from=release /opt/datomic /opt/datomic");
        Last.ShouldAllBe(line => !line.Contains("curl", StringComparison.Ordinal) && !line.Contains("unzip", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_is_unpacked_before_the_checksum_that_has_to_be_given_was_compared()
    {
        var fetch = Instructions.Single(line => line.Contains("datomic-pro-downloads", StringComparison.Ordinal)).Split(" && ");

        fetch[0].ShouldBe("RUN test -n \"${DATOMIC_VERSION}\"");
        fetch[1].ShouldBe("test -n \"${DATOMIC_SHA256}\"");
        fetch[2].ShouldStartWith("curl --fail ");
        fetch[3].ShouldBe("echo \"${DATOMIC_SHA256} /release.zip\" | sha256sum --check --strict -");
        fetch[4].ShouldStartWith("unzip ");
        Instructions.ShouldContain("ARG DATOMIC_SHA256", "it has no default");
    }

    [Fact]
    public void The_transactor_runs_as_a_user_by_number_that_owns_nothing_but_what_it_writes()
    {
        Instructions.Where(line => line.StartsWith("USER ", StringComparison.Ordinal)).ShouldBe(["USER 10001:10001"]);
        var user = Last.ToList().IndexOf("USER 10001:10001");
        Last.Skip(user)
            .ShouldAllBe(line => !line.StartsWith("RUN ", StringComparison.Ordinal) && !line.StartsWith("COPY ", StringComparison.Ordinal));
        Instructions
            .Where(line => line.Contains("chown", StringComparison.Ordinal))
            .ShouldHaveSingleItem()
            .ShouldContain("chown -R 10001:10001 /var/datomic &&");
    }

    [Fact]
    public void The_start_script_is_the_container_s_first_process_so_that_signals_reach_it() =>
        Last.ShouldContain("ENTRYPOINT [\"/opt/datomic/bin/start-transactor\"]", "a shell's form would keep signals to itself");

    [Fact]
    public void The_health_check_is_that_of_the_template()
    {
        var template = Repository.Text("templates/transactor.yaml");

        Last.ShouldContain(
            "HEALTHCHECK --interval=30s --timeout=5s --retries=3 --start-period=120s CMD [\"/opt/datomic/bin/check-health\"]"
        );
        template.ShouldContain("Command: [CMD, /opt/datomic/bin/check-health]");
        template.ShouldContain("Interval: 30");
        template.ShouldContain("StartPeriod: 120");
    }

    [Fact]
    public void What_is_copied_lies_beside_the_Dockerfile()
    {
        var copied = Instructions
            .Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from", StringComparison.Ordinal))
            .SelectMany(line => line.Split(' ').Skip(1).Where(word => !word.StartsWith("--", StringComparison.Ordinal)).SkipLast(1))
            .ToList();

        copied.ShouldBe(["logback.xml", "start-transactor", "check-health"]);
        copied.ShouldAllBe(file => File.Exists(Path.Combine(Folder, file)));
    }

    [GeneratedRegex(@"^\s*#.*\n", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\\\n")]
    private static partial Regex Continued();

    [GeneratedRegex(@"[ \t]+")]
    private static partial Regex Spaces();
}
