namespace Deployer.Spec.Tests.Images;

/// <summary>What the image of a transactor does when its container starts: <c>examples/transactor/image/start-transactor</c>.</summary>
public sealed class StartScriptTests
{
    private const string Secret = "hunter2-hunter2";

    private const string OneNetwork = """
        { "DockerId": "1", "Networks": [ { "NetworkMode": "awsvpc", "IPv4Addresses": [ "10.0.1.17" ], "PrivateDNSName": "ip" } ] }
        """;

    [Fact]
    public async Task The_task_s_address_and_the_properties_reach_the_transactor()
    {
        using var container = new StartedContainer(OneNetwork);

        var run = await container.Run();

        run.ShouldSatisfyAllConditions(
            () => run.ExitCode.ShouldBe(0),
            () =>
                run.Properties.ShouldBe([
                    "protocol=ddb",
                    "host=10.0.1.17",
                    "port=4334",
                    "aws-dynamodb-table=orders",
                    "aws-dynamodb-region=us-east-1",
                    "aws-cloudwatch-region=us-east-1",
                    "aws-cloudwatch-dimension-value=orders-dev",
                    "ping-host=localhost",
                    "ping-port=9999",
                    $"data-dir={container.State}/data",
                    $"log-dir={container.State}/log",
                    "ping-concurrency=6",
                    "memory-index-max=512m",
                    "memory-index-threshold=32m",
                    "object-cache-max=1g",
                ]),
            () =>
                run.Arguments.ShouldBe([
                    "-Xms4g",
                    "-Xmx4g",
                    "-XX:+UseG1GC",
                    "-XX:MaxGCPauseMillis=50",
                    "-XX:+ExitOnOutOfMemoryError",
                    $"{container.State}/run/transactor.properties",
                ]),
            () =>
                run.Output.ShouldBe(
                    """
                    {"level":"INFO","loggerName":"start-transactor","formattedMessage":"the transactor orders-dev starts at 10.0.1.17"}

                    """
                )
        );
    }

    [Fact]
    public async Task The_properties_file_is_its_owner_s_alone_and_what_it_holds_is_no_variable_any_more()
    {
        using var container = new StartedContainer(OneNetwork)
        {
            ["DATOMIC_SECRETS"] = "DATOMIC_PROPERTY_MEMCACHED_PASSWORD",
            ["DATOMIC_PROPERTY_MEMCACHED_PASSWORD"] = Secret,
        };

        var run = await container.Run();

        run.Properties.ShouldContain($"memcached-password={Secret}");
        (run.Mode & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)).ShouldBe(UnixFileMode.None);
        run.Environment.ShouldAllBe(variable => !variable.Contains(Secret, StringComparison.Ordinal));
        run.Output.ShouldNotContain(Secret);
    }

    [Fact]
    public async Task Options_of_the_JVM_come_one_a_line_and_keep_their_spaces()
    {
        using var container = new StartedContainer(OneNetwork) { ["DATOMIC_JAVA_OPTIONS"] = "-Da=b c\n-Dd=e" };

        (await container.Run()).Arguments[5..7].ShouldBe(["-Da=b c", "-Dd=e"]);
    }

    [Fact]
    public async Task Options_that_the_transactors_own_script_would_take_from_the_environment_do_not_reach_it()
    {
        using var container = new StartedContainer(OneNetwork) { ["JAVA_OPTS"] = "-Xmx9g", ["XMX"] = "-Xmx9g" };

        (await container.Run()).Environment.ShouldAllBe(variable => !variable.Contains("-Xmx9g", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_value_is_read_as_it_was_given_and_a_number_of_threads_that_is_given_is_taken()
    {
        using var container = new StartedContainer(OneNetwork)
        {
            ["DATOMIC_PROPERTY_METRICS_CALLBACK"] = @"a\b",
            ["DATOMIC_SECRETS"] = "DATOMIC_PROPERTY_MEMCACHED_PASSWORD",
            ["DATOMIC_PROPERTY_MEMCACHED_PASSWORD"] = " ä 😀",
            ["DATOMIC_PROPERTY_PING_CONCURRENCY"] = "8",
        };

        var run = await container.Run();

        run.Properties.ShouldContain(@"metrics-callback=a\\b");
        // Spaces before a value are skipped, and not every reader takes the file for UTF-8.
        run.Properties.ShouldContain(@"memcached-password=\u0020\u00e4 \ud83d\ude00");
        run.Properties.Where(line => line.StartsWith("ping-concurrency", StringComparison.Ordinal)).ShouldBe(["ping-concurrency=8"]);
    }

    [Theory]
    [InlineData(
        "DATOMIC_PROPERTY_HOST",
        "0.0.0.0",
        "the environment variable DATOMIC_PROPERTY_HOST is a property that the task itself decides"
    )]
    [InlineData(
        "DATOMIC_PROPERTY_host",
        "0.0.0.0",
        "the environment variable DATOMIC_PROPERTY_host is a property that the task itself decides"
    )]
    [InlineData(
        "DATOMIC_PROPERTY_Log_Dir",
        "/tmp",
        "the environment variable DATOMIC_PROPERTY_Log_Dir is a property that the task itself decides"
    )]
    [InlineData("DATOMIC_PROPERTY_PORT", "", "the environment variable DATOMIC_PROPERTY_PORT is a property that the task itself decides")]
    [InlineData("DATOMIC_SECRETS", "1X", "DATOMIC_SECRETS has a name that is no variable's")]
    public async Task What_the_task_decides_is_nobody_else_s(string variable, string value, string message)
    {
        using var container = new StartedContainer(OneNetwork) { [variable] = value };

        var run = await container.Run();

        run.ExitCode.ShouldBe(78);
        run.Output.ShouldBe($$"""{"level":"ERROR","loggerName":"start-transactor","formattedMessage":"{{message}}"}""" + "\n");
    }

    [Theory]
    [InlineData("999.300.1.1")]
    [InlineData("10.0.1")]
    [InlineData("10.0.1.256")]
    public async Task An_address_that_is_none_is_refused(string address)
    {
        using var container = new StartedContainer(OneNetwork.Replace("10.0.1.17", address, StringComparison.Ordinal));

        var run = await container.Run();

        run.ExitCode.ShouldBe(78);
        run.Output.ShouldContain("the task's address is no IPv4 address");
    }

    [Fact]
    public async Task Of_two_networks_the_task_s_own_is_taken()
    {
        using var container = new StartedContainer(
            """
            { "Networks": [
              { "NetworkMode": "bridge", "IPv4Addresses": [ "172.17.0.2" ] },
              { "NetworkMode": "awsvpc", "IPv4Addresses": [ "10.0.2.8" ] } ] }
            """
        );

        (await container.Run()).Properties.ShouldContain("host=10.0.2.8");
    }

    [Theory]
    [InlineData("{}", 78, "the task's metadata has no IPv4 address in a network of the mode awsvpc")]
    [InlineData(
        """{ "Networks": [ { "NetworkMode": "bridge", "IPv4Addresses": [ "172.17.0.2" ] } ] }""",
        78,
        "the task's metadata has no IPv4 address in a network of the mode awsvpc"
    )]
    [InlineData(
        """{ "Networks": [ { "NetworkMode": "awsvpc", "IPv4Addresses": [ "10.0.1.1", "10.0.1.2" ] } ] }""",
        78,
        "the task has more than one address (10.0.1.1 10.0.1.2), and peers can be given only one"
    )]
    [InlineData(
        """{ "Networks": [ { "NetworkMode": "awsvpc", "IPv4Addresses": [ "0.0.0.0" ] } ] }""",
        78,
        "the task's address is 0.0.0.0, at which no peer finds anything"
    )]
    [InlineData("<html>", 69, "the task's metadata is not JSON")]
    [InlineData(null, 69, "the task's metadata endpoint did not answer in 5 attempts")]
    public async Task Without_an_address_that_peers_find_no_transactor_starts(string? metadata, int code, string message)
    {
        using var container = new StartedContainer(metadata);

        (await container.Run()).ShouldBeFailure(code, message);
    }

    [Theory]
    [InlineData("ECS_CONTAINER_METADATA_URI_V4", "the environment variable ECS_CONTAINER_METADATA_URI_V4 is missing")]
    [InlineData("DATOMIC_TABLE", "the environment variable DATOMIC_TABLE is missing")]
    [InlineData("DATOMIC_HEAP", "the environment variable DATOMIC_HEAP is missing")]
    [InlineData("DATOMIC_PROPERTY_OBJECT_CACHE_MAX", "the environment variable DATOMIC_PROPERTY_OBJECT_CACHE_MAX is missing")]
    public async Task What_is_missing_is_named(string variable, string message)
    {
        using var container = new StartedContainer(OneNetwork) { [variable] = null };

        (await container.Run()).ShouldBeFailure(78, message);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task A_secret_that_did_not_come_is_named(string? value)
    {
        using var container = new StartedContainer(OneNetwork)
        {
            ["DATOMIC_SECRETS"] = "TOKEN DATOMIC_PROPERTY_MEMCACHED_PASSWORD",
            ["TOKEN"] = Secret,
            ["DATOMIC_PROPERTY_MEMCACHED_PASSWORD"] = value,
        };

        var run = await container.Run();

        run.ShouldBeFailure(78, "the secret DATOMIC_PROPERTY_MEMCACHED_PASSWORD is missing");
        run.Output.ShouldNotContain(Secret);
    }

    [Fact]
    public async Task A_line_break_in_a_secret_makes_no_other_property_and_shows_nothing()
    {
        using var container = new StartedContainer(OneNetwork) { ["DATOMIC_PROPERTY_MEMCACHED_PASSWORD"] = $"{Secret}\nhost=0.0.0.0" };

        var run = await container.Run();

        run.ShouldBeFailure(78, "the value of memcached-password has a line break");
        run.Output.ShouldNotContain(Secret);
    }

    [Fact]
    public async Task A_stop_before_the_transactor_runs_ends_the_container_at_once()
    {
        // The endpoint does not answer, and the next attempt would be a minute later.
        using var container = new StartedContainer(metadata: null) { ["DATOMIC_RETRY_SECONDS"] = "60" };

        var run = await container.Run(stopAfterFirstRequest: true);

        run.ExitCode.ShouldBe(143);
        run.Output.ShouldContain("stopped before the transactor had started");
        run.Arguments.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stop_reaches_the_transactor_itself()
    {
        using var container = new StartedContainer(OneNetwork) { ["STAND_IN"] = "runs until it is stopped" };

        var run = await container.Run(stopWhenItRuns: true);

        run.Output.ShouldContain("the transactor got SIGTERM");
        run.ExitCode.ShouldBe(7);
    }
}
