using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

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

    /// <summary>
    /// One JSON object a line on standard output, and the loggers of the heartbeats at INFO, by which the roles are known:
    /// https://logback.qos.ch/manual/encoders.html#JsonEncoder, https://docs.datomic.com/operation/monitoring.html.
    /// </summary>
    [Fact]
    public void Logs_go_to_standard_output_as_JSON_and_hold_the_heartbeats()
    {
        var logback = XDocument.Load(Path.Combine(Folder, "logback.xml")).Root!;

        var appender = logback.Elements("appender").ShouldHaveSingleItem();
        ((string?)appender.Attribute("class")).ShouldBe("ch.qos.logback.core.ConsoleAppender");
        ((string?)appender.Element("encoder")!.Attribute("class")).ShouldBe("ch.qos.logback.classic.encoder.JsonEncoder");
        // "false" is the default: the lines would have no event, and no transactor would ever be seen to stand by.
        ((string?)appender.Element("encoder")!.Element("withFormattedMessage")).ShouldBe("true");
        appender.Element("target").ShouldBeNull("System.out is the usual one");
        ((string?)logback.Element("root")!.Element("appender-ref")!.Attribute("ref")).ShouldBe((string?)appender.Attribute("name"));
        ((string?)logback.Elements("logger").Single(logger => (string?)logger.Attribute("name") == "datomic").Attribute("level")).ShouldBe(
            "INFO"
        );
        // In the stage of the release, of which the image has the whole folder.
        Instructions.ShouldContain("COPY logback.xml /opt/datomic/bin/logback.xml");
    }

    /// <summary>The check of the container: /health of the ping port, which a standby answers as the active transactor does.</summary>
    [Theory]
    [InlineData(200, true)]
    [InlineData(503, false)]
    [InlineData(null, false)]
    public async Task The_health_check_asks_the_ping_port(int? status, bool isHealthy)
    {
        foreach (var program in new[] { "bash", "curl" })
        {
            Assert.SkipUnless(
                Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, program))),
                $"{program} is not installed"
            );
        }

        using var pinged = new TcpListener(IPAddress.Loopback, 0);
        pinged.Start();
        var port = ((IPEndPoint)pinged.LocalEndpoint).Port;
        var asked = status is { } code ? Answer(pinged, code) : Task.FromResult<string?>(null);
        if (status is null)
        {
            pinged.Stop();
        }

        var start = new ProcessStartInfo("bash", [Path.Combine(Folder, "check-health")])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        start.Environment["DATOMIC_PING_PORT"] = $"{port}";
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        (process.ExitCode == 0).ShouldBe(isHealthy);
        (await asked).ShouldBe(status is null ? null : "GET /health HTTP/1.1");
    }

    private static async Task<string?> Answer(TcpListener listener, int status)
    {
        using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, leaveOpen: true);
        var first = await reader.ReadLineAsync(TestContext.Current.CancellationToken);
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { Length: > 0 }) { }

        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Status\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
            TestContext.Current.CancellationToken
        );
        return first;
    }

    /// <summary>What was not tried is said where the image is described, and whoever comes from the post finds both pages.</summary>
    [Fact]
    public void The_pages_of_services_and_transactors_say_what_is_not_proven_and_are_named_in_the_readme()
    {
        var page = string.Join(' ', Repository.Text("docs/transactors.md").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        page.ShouldContain("no image was built, since there is no Docker engine where the tests run.");
        page.ShouldContain("`examples/orders`");
        var services = Repository.Text("docs/services.md");
        foreach (var error in new[] { "ServiceRolledBackException", "ServiceRefusedException", "ImageMissingException" })
        {
            services.ShouldContain($"`{error}`");
        }

        var readme = Repository.Text("README.md");
        foreach (
            var named in new[]
            {
                "(docs/transactors.md)",
                "(docs/services.md)",
                "(examples/orders)",
                "(examples/inventory)",
                "(examples/ci)",
                "(examples/transactor/image)",
                "(examples/triggers)",
            }
        )
        {
            readme.ShouldContain(named);
        }
    }

    /// <summary>Whoever comes from the post knows its words: each of them stands beside what takes its place.</summary>
    [Fact]
    public void The_page_of_transactors_says_what_is_different_from_the_post()
    {
        var rows = Repository
            .Text("docs/transactors.md")
            .Split("## What is different from the post")[1]
            .Split("\n## ")[0]
            .Split('\n')
            .Where(line => line.StartsWith('|'))
            .Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim()).ToList())
            .ToList();

        rows[0].ShouldBe(["the post", "here", "why"]);
        rows.Skip(2)
            .Select(row => row[0])
            .ShouldBe([
                "`-Xmx3g` in a task of 3072 MiB",
                "the address of `eth1`",
                "ports 4334, 4335 and 4336",
                "`aws-transactor-role`, which \"must match\" the task's role",
                "`ecr:*` and logs of every group",
                "licence key as a variable",
                "one task, replaced by ECS",
                "`aws ecs update-service` from CI",
            ]);
        rows.Skip(2).ShouldAllBe(row => row.Count == 3 && row[1].Length > 0);
    }

    [Fact]
    public void The_page_of_services_begins_with_the_job_whose_place_a_step_takes()
    {
        var words = Repository.Text("docs/services.md").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

        string.Join(' ', words)
            .Split(" ## ")[0]
            .ShouldContain(
                "It takes the place of a CI job that copies a task definition with `jq`, registers it and calls `aws ecs update-service`"
            );
    }

    [GeneratedRegex(@"^\s*#.*\n", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\\\n")]
    private static partial Regex Continued();

    [GeneratedRegex(@"[ \t]+")]
    private static partial Regex Spaces();
}
