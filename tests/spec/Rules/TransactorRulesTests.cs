using Deployer.Spec.Sources;

namespace Deployer.Spec.Tests.Rules;

public sealed class TransactorRulesTests
{
    private const string Digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private const string Sound = $$"""
        service: orders
        targets:
          dev: { account: "111111111111", region: us-east-1, values: { heap: 4g } }
          prod: { account: "333333333333", region: us-east-1, values: { heap: 4g } }
        steps:
          tx:
            transactor: orders-${target}
            cluster: orders-${target}
            image: 111111111111.dkr.ecr.us-east-1.amazonaws.com/transactor@sha256:{{Digest}}
            version: 1.0.7705
            java: 21
            mode: pair
            cpu: 1024
            memory: 6144
            heap: ${heap}
            table: orders-${target}
            logGroup: /orders/${target}/transactor
            properties:
              memory-index-threshold: 32m
              memory-index-max: 512m
              object-cache-max: 1g
            environment: { TEAM: orders }
            secrets: { TOKEN: "arn:aws:secretsmanager:us-east-1:111111111111:secret:orders/token-AbCdEf" }
        """;

    /// <summary>The configuration of the post "How to run the Datomic transactor on Amazon ECS FARGATE", number for number.</summary>
    private const string OfThePost = """
        service: datomic
        targets:
          prod: { account: "111111111111", region: us-east-1 }
        steps:
          tx:
            transactor: datomic
            cluster: datomic
            image: /datomic:0.9.5561.62
            version: 0.9.5561.62
            java: 8
            mode: single
            cpu: 1024
            memory: 3072
            heap: 3g
            table: datomic
            logGroup: awslogs-ecs
            properties:
              host: 0.0.0.0
              license-key: ""
              aws-transactor-role: datomic-transactor
              aws-peer-role: datomic-peer
              memory-index-threshold: 32m
              memory-index-max: 512m
              object-cache-max: 1g
            environment:
              licenseKey: ""
              awsDynamodbTable: ""
              awsDynamodbRegion: us-east-1
              awsTransactorRole: datomic-transactor
              awsPeerRole: datomic-peer
              memoryIndexThreshold: 32m
              memoryIndexMax: 512m
              objectCacheMax: 1g
              Xmx: 3g
              Xms: 3g
        """;

    [Theory]
    [InlineData("-Ddatomic.ddbRequestTimeout=2000")]
    [InlineData("-XX:MaxDirectMemorySize=2g")]
    [InlineData("-Dcom.example=datomic.host")]
    public void Options_that_no_key_says_are_taken(string option) =>
        Faults(Sound.Replace("mode: pair", $"mode: pair\n    javaOptions: [ \"{option}\" ]")).ShouldBeEmpty();

    [Fact]
    public void A_transactor_that_starts_and_can_be_replaced_has_no_fault() => Faults(Sound).ShouldBeEmpty();

    /// <summary>Whoever follows both corrections has what is allowed.</summary>
    [Fact]
    public void Of_a_heap_that_is_too_large_the_caches_are_reckoned_from_the_largest_one() =>
        Faults(
                Sound
                    .Replace("${heap}", "8g", StringComparison.Ordinal)
                    .Replace("object-cache-max: 1g", "object-cache-max: 4608m", StringComparison.Ordinal)
            )
            .Select(fault => fault[(fault.IndexOf(' ') + 1)..])
            .ShouldBe([
                "the heap of 8g is 133 % of the task's 6144 MiB, and the JVM needs memory beside it: the kernel would end the task "
                    + "(exit code 137); expected at most 4608m, which leaves 25 % and at least 512m, or a memory of 11264 with a "
                    + "cpu of 2048",
                "object-cache-max and memory-index-max are 5g together, 111 % of the largest heap of the task, 4608m, with which a "
                    + "transactor does not start (:db.error/not-enough-memory); expected at most 3456m together, which is 75 %, or a "
                    + "larger task with a heap of at least 6827m",
            ]);

    [Fact]
    public void The_post_s_own_configuration_is_refused_with_reasons_and_corrected_numbers() =>
        Faults(OfThePost)
            .ShouldBe([
                "8:12 the image is \"/datomic:0.9.5561.62\"; expected an image by its digest, REPOSITORY@sha256:DIGEST: a tag can be "
                    + "another image when the standby starts",
                "9:14 Datomic Pro 0.9.5561.62 needs a licence key; expected 1.0.6735 or later, which needs none",
                "10:11 the version of Java is \"8\"; expected one with long-term support on which Datomic Pro runs: 11, 17, 21",
                "11:11 a single transactor is replaced by one that takes over after two heartbeats have been missed, and until then "
                    + "nothing is written; expected pair, or allowWriteGap: true beside it",
                "14:11 the heap of 3g is 100 % of the task's 3072 MiB, and the JVM needs memory beside it: the kernel would end the task "
                    + "(exit code 137); expected at most 2304m, which leaves 25 % and at least 512m, or a memory of 4096 with a "
                    + "cpu of 1024",
                "18:13 host 0.0.0.0 is an address at which no peer finds anything; host is the address under which peers find the "
                    + "transactor, which a task on Fargate gets when it starts; expected no host: the start script takes it from the "
                    + "task's metadata endpoint",
                "19:20 license-key is not needed since Datomic Pro 1.0.6726; expected no key",
                "20:28 aws-transactor-role is read by datomic ensure-transactor alone: a transactor that runs has the task's role; "
                    + "expected no role here: templates/transactor.yaml makes the task's role",
                "21:22 aws-peer-role is read by datomic ensure-transactor alone; expected no role here: peers get the policy that "
                    + "templates/transactor.yaml makes",
                "26:19 the environment variable licenseKey is the property license-key, which is not needed since Datomic Pro 1.0.6726; "
                    + "expected no key",
                "27:25 the environment variable awsDynamodbTable is the property aws-dynamodb-table, which is the step's table; expected "
                    + "the key table of the step",
                "28:26 the environment variable awsDynamodbRegion is the property aws-dynamodb-region, which is the region of the target; "
                    + "expected no region",
                "29:26 the environment variable awsTransactorRole is the property aws-transactor-role, which is read by datomic "
                    + "ensure-transactor alone: a transactor that runs has the task's role; expected no role here: "
                    + "templates/transactor.yaml makes the task's role",
                "30:20 the environment variable awsPeerRole is the property aws-peer-role, which is read by datomic ensure-transactor "
                    + "alone; expected no role here: peers get the policy that templates/transactor.yaml makes",
                "31:29 the environment variable memoryIndexThreshold is read by nothing here; expected "
                    + "memory-index-threshold in properties",
                "32:23 the environment variable memoryIndexMax is read by nothing here; expected memory-index-max in properties",
                "33:23 the environment variable objectCacheMax is read by nothing here; expected object-cache-max in properties",
                "34:12 the environment variable Xmx is read by nothing here; expected the key heap",
                "35:12 the environment variable Xms is read by nothing here; expected the key heap",
            ]);

    [Fact]
    public void A_task_without_room_for_any_heap_is_said_to_be_too_small() =>
        Faults(Sound.Replace("cpu: 1024", "cpu: 256").Replace("memory: 6144", "memory: 512").Replace("${heap}", "256m"))
            .ShouldContain(fault =>
                fault.EndsWith(
                    "expected a larger task: beside the 512m that the JVM needs, this one has no room for the smallest heap of 256m, or a "
                        + "memory of 1024 with a cpu of 256",
                    StringComparison.Ordinal
                )
            );

    [Fact]
    public void A_task_may_have_32_vCPU() =>
        Faults(Sound.Replace("cpu: 1024", "cpu: 32768").Replace("memory: 6144", "memory: 249856")).ShouldBeEmpty();

    /// <summary>https://docs.datomic.com/operation/system-properties.html: "Command line arg or transactor properties file".</summary>
    [Fact]
    public void Properties_of_reading_ahead_are_taken() =>
        Faults(Sound.Replace("object-cache-max: 1g", "object-cache-max: 1g\n      prefetch-concurrency: 20\n      prefetch-probes: true"))
            .ShouldBeEmpty();

    [Fact]
    public void Heartbeats_may_be_up_to_30_seconds_apart() =>
        Faults(Sound.Replace("object-cache-max: 1g", "object-cache-max: 1g\n      heartbeat-interval-msec: 30000")).ShouldBeEmpty();

    [Fact]
    public void The_post_s_numbers_are_accepted_once_they_are_corrected() =>
        Faults(Sound.Replace("memory: 6144", "memory: 4096").Replace("${heap}", "3g")).ShouldBeEmpty();

    [Theory]
    // Fargate's sizes
    [InlineData("cpu: 1024", "cpu: 1000", "the cpu is \"1000\"; expected 256, 512, 1024, 2048, 4096, 8192, 16384 or 32768")]
    [InlineData("memory: 6144", "memory: 06144", "the memory is \"06144\"; expected a number of MiB such as 6144")]
    [InlineData("memory: 6144", "memory: 6g", "the memory is \"6g\"; expected a number of MiB such as 6144")]
    [InlineData(
        "memory: 6144",
        "memory: 9216",
        "Fargate has no tasks with a cpu of 1024 and a memory of 9216 MiB; expected a memory of 2048 to 8192 MiB in steps of 1024 with a "
            + "cpu of 1024"
    )]
    // The heap in the task
    [InlineData("${heap}", "4", "the heap is \"4\"; expected a size of at least 256m, such as 4g")]
    [InlineData("${heap}", "4gb", "the heap is \"4gb\"; expected a size of at least 256m, such as 4g")]
    [InlineData(
        "${heap}",
        "4609m",
        "the heap of 4609m is more than 75 % of the task's 6144 MiB, and the JVM needs memory beside it: the kernel would end the "
            + "task (exit code "
            + "137); expected at most 4608m, which leaves 25 % and at least 512m, or a memory of 7168 with a cpu of 1024"
    )]
    [InlineData(
        "${heap}",
        "8g",
        "the heap of 8g is 133 % of the task's 6144 MiB, and the JVM needs memory beside it: the kernel would end the task (exit code "
            + "137); expected at most 4608m, which leaves 25 % and at least 512m, or a memory of 11264 with a cpu of 2048"
    )]
    // The caches in the heap
    [InlineData(
        "object-cache-max: 1g",
        "object-cache-max: 2561m",
        "object-cache-max and memory-index-max are 3073m together, more than 75 % of the heap of 4g, with which a transactor does "
            + "not start "
            + "(:db.error/not-enough-memory); expected at most 3g together, which is 75 %, or a heap of at least 4098m"
    )]
    [InlineData(
        "memory-index-threshold: 32m",
        "memory-index-threshold: 1g",
        "memory-index-threshold is 1g, more than memory-index-max; expected at most 512m"
    )]
    // Limits of properties
    [InlineData(
        "memory-index-threshold: 32m",
        "memory-index-threshold: 4m",
        "memory-index-threshold is \"4m\"; expected at least 8m, in bytes or with k, m or g"
    )]
    [InlineData(
        "object-cache-max: 1g",
        "object-cache-max: 16m",
        "object-cache-max is \"16m\"; expected at least 32m, in bytes or with k, m or g"
    )]
    [InlineData(
        "object-cache-max: 1g",
        "object-cache-max: 1g\n      heartbeat-interval-msec: 500",
        "heartbeat-interval-msec is \"500\"; expected 1000 to 30000 milliseconds: a takeover takes up to three, and the alarm "
            + "heartbeat-missing waits two minutes"
    )]
    [InlineData(
        "object-cache-max: 1g",
        "object-cache-max: 1g\n      heartbeat-interval-msec: 30001",
        "heartbeat-interval-msec is \"30001\"; expected 1000 to 30000 milliseconds: a takeover takes up to three, and the alarm "
            + "heartbeat-missing waits two minutes"
    )]
    [InlineData(
        "object-cache-max: 1g",
        "object-cache-max: 1g\n      valcache-path: /valcache",
        "valcache-path needs an SSD that is mounted with strictatime and lazytime, which a task on Fargate does not have; expected no "
            + "valcache: memcached is a cache beside the transactor"
    )]
    [InlineData(
        "object-cache-max: 1g",
        "object-cache-max: 1g\n      prefetch-probes: maybe",
        "prefetch-probes is \"maybe\"; expected true or false"
    )]
    [InlineData(
        "object-cache-max: 1g",
        "object-cache-max: 1g\n      ping-concurrency: 1",
        "ping-concurrency is \"1\"; expected 4 to 64 threads: with fewer the health endpoint fails on few CPUs (\"Insufficient threads\")"
    )]
    [InlineData(
        "object-cache-max: 1g",
        "object-cache-max: 1g\n      ping-host: 0.0.0.0",
        "ping-host is the container's own address, from which its health is checked; expected no ping-host"
    )]
    [InlineData(
        "object-cache-max: 1g",
        "object-cache-max: 1g\n      ping-port: 4334",
        "ping-port is the port at which the container's health is checked; expected no ping-port: it is 9999"
    )]
    [InlineData(
        "object-cache-max: 1g",
        "object-cache-max: 1g\n      sql-url: jdbc",
        "sql-url belongs to another storage than DynamoDB; expected no property of another storage"
    )]
    [InlineData(
        "object-cache-max: 1g",
        "object-cache-max: 1g\n      memcached: \"a:11211\\nhost=1.2.3.4\"",
        "memcached is \"a:11211\nhost=1.2.3.4\", with a line break or another control character; expected a text of one line"
    )]
    // Versions
    [InlineData("version: 1.0.7705", "version: newest", "the version is \"newest\"; expected a release of Datomic Pro such as 1.0.7705")]
    [InlineData(
        "version: 1.0.7705",
        "version: 1.0.7010",
        "Datomic Pro 1.0.7010 is older than Datomic's support of Java 21; expected Java 11 or 17, or Datomic Pro 1.0.7180 or later",
        "Datomic Pro 1.0.7010 must not be used: queries can deadlock, and a peer's tx-range can miss a transaction that is in the log "
            + "while an indexing job starts; expected 1.0.7180 or later"
    )]
    [InlineData(
        "version: 1.0.7705\n    java: 21",
        "version: 1.0.6733\n    java: 11",
        "the health endpoint of Datomic Pro 1.0.6733 does not work, so that its container is never healthy; expected 1.0.6735 or later"
    )]
    [InlineData(
        "java: 21",
        "java: 18",
        "the version of Java is \"18\"; expected one with long-term support on which Datomic Pro runs: 11, 17, 21"
    )]
    [InlineData(
        "version: 1.0.7705\n    java: 21",
        "version: 1.0.7491\n    java: 17",
        "Datomic Pro 1.0.7491 cannot read errors of DynamoDB on Java 17, whose modules are closed to it; expected Java 11, or Datomic Pro "
            + "1.0.7556 or later, or the javaOptions --add-opens=java.base/java.lang=ALL-UNNAMED and "
            + "--add-opens=java.xml/com.sun.org.apache.xpath.internal=ALL-UNNAMED"
    )]
    // Secrets
    [InlineData(
        "environment: { TEAM: orders }",
        "environment: { DB_PASSWORD: hunter2 }",
        "the environment variable DB_PASSWORD is a secret, and everybody who may read task definitions reads it; expected DB_PASSWORD in "
            + "secrets, with the ARN of a secret in Secrets Manager (arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME) or of a parameter "
            + "in Systems Manager (arn:aws:ssm:REGION:ACCOUNT:parameter/NAME)"
    )]
    [InlineData(
        "environment: { TEAM: orders }",
        "environment: { CACHE: \"https://me:hunter2@cache\" }",
        "the environment variable CACHE is a secret, and everybody who may read task definitions reads it; expected CACHE in secrets, with "
            + "the ARN of a secret in Secrets Manager (arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME) or of a parameter in Systems "
            + "Manager (arn:aws:ssm:REGION:ACCOUNT:parameter/NAME)"
    )]
    [InlineData(
        "object-cache-max: 1g",
        "object-cache-max: 1g\n      memcached-password: hunter2",
        "memcached-password is a secret and stands in the file; expected its ARN in secrets"
    )]
    [InlineData(
        "\"arn:aws:secretsmanager:us-east-1:111111111111:secret:orders/token-AbCdEf\"",
        "hunter2",
        "the secret TOKEN is no ARN, and is not shown; expected the ARN of a secret in Secrets Manager "
            + "(arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME) or of a parameter in Systems Manager "
            + "(arn:aws:ssm:REGION:ACCOUNT:parameter/NAME)"
    )]
    [InlineData(
        "mode: pair",
        "mode: pair\n    javaOptions: [ -Xmx5g, -Ddatomic.memcachedPassword=hunter2 ]",
        "the heap stands in javaOptions; expected the key heap, which is compared with the task's memory",
        "an option of the JVM holds a secret, and everybody who may read task definitions reads it; expected secrets"
    )]
    [InlineData(
        "mode: pair",
        "mode: pair\n    javaOptions: [ \"-Dx.url=https://me:hunter2@host\" ]",
        "an option of the JVM holds a secret, and everybody who may read task definitions reads it; expected secrets"
    )]
    [InlineData(
        "environment: { TEAM: orders }",
        "environment: { DATOMIC_HEAP: 4g }",
        "the environment variable DATOMIC_HEAP has a name that the deployer gives to what it passes to the start script; expected "
            + "properties, heap and javaOptions, or a name that does not begin with DATOMIC_"
    )]
    [InlineData(
        "environment: { TEAM: orders }",
        "environment: { _JAVA_OPTIONS: -Xmx9g }",
        "the JVM takes options from the environment variable _JAVA_OPTIONS beside those of the step; expected them in javaOptions, and the "
            + "heap in the key heap"
    )]
    [InlineData(
        "environment: { TEAM: orders }",
        "environment: { DATABASE: \"Server=db;Password=hunter2\" }",
        "the environment variable DATABASE is a secret, and everybody who may read task definitions reads it; expected DATABASE in "
            + "secrets, with the ARN of a secret in Secrets Manager (arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME) or of a parameter "
            + "in Systems Manager (arn:aws:ssm:REGION:ACCOUNT:parameter/NAME)"
    )]
    [InlineData(
        "mode: pair",
        "mode: pair\n    javaOptions: [ \"-Dx=1\\n-Xmx9g\" ]",
        "an option of javaOptions has a line break or another control character, and the start script takes options line by line; expected "
            + "each option as an item of its own"
    )]
    [InlineData(
        "mode: pair",
        "mode: pair\n    javaOptions: [ \"-XX:+UseZGC\" ]",
        "the start script chooses the garbage collector (G1), and a JVM with two of them does not start; expected javaOptions without it"
    )]
    [InlineData(
        "mode: pair",
        "mode: pair\n    javaOptions: [ -Ddatomic.objectCacheMax=4g ]",
        "javaOptions has the property object-cache-max, whose limits are not checked there; expected object-cache-max in properties"
    )]
    [InlineData(
        "mode: pair",
        "mode: pair\n    javaOptions: [ -Ddatomic.host=0.0.0.0 ]",
        "javaOptions has the property host, which is the address under which peers find the transactor, which a task on Fargate gets "
            + "when it starts; expected no host: the start script takes it from the task's metadata endpoint"
    )]
    [InlineData(
        "mode: pair",
        "mode: pair\n    javaOptions: [ \"-XX:MaxDirectMemorySize=2049m\" ]",
        "direct buffers of 2049m and the heap of 4g are more than the task's 6144 MiB: the kernel would end the task (exit code 137); "
            + "expected -XX:MaxDirectMemorySize=2g at most, or a larger task"
    )]
    [InlineData(
        "TEAM: orders",
        "ECS_CONTAINER_METADATA_URI_V4: \"http://x\"",
        "the environment variable ECS_CONTAINER_METADATA_URI_V4 is set by ECS itself; expected no such variable"
    )]
    // Names
    [InlineData("mode: pair", "mode: double", "the mode is \"double\"; expected pair or single")]
    [InlineData(
        "table: orders-${target}",
        "table: o",
        "the table is \"o\"; expected 3 to 255 letters, digits, hyphens, underscores and dots"
    )]
    public void A_fault_says_what_is_right(string written, string replacement, params string[] faults)
    {
        Sound.ShouldContain(written);

        var found = Faults(Sound.Replace(written, replacement, StringComparison.Ordinal));

        found.Select(fault => fault[(fault.IndexOf(' ', StringComparison.Ordinal) + 1)..]).ShouldBe(faults, ignoreOrder: true);
        found.ShouldAllBe(fault => !fault.Contains("hunter2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(
        "heartbeat-interval-msec",
        1000,
        30_000,
        "milliseconds: a takeover takes up to three, and the alarm heartbeat-missing waits two minutes"
    )]
    [InlineData("ping-concurrency", 4, 64, "threads: with fewer the health endpoint fails on few CPUs (\"Insufficient threads\")")]
    [InlineData("write-concurrency", 2, 1024, "writes at once")]
    [InlineData("read-concurrency", 2, 2048, "reads at once")]
    [InlineData("index-parallelism", 1, 8, "indexing jobs at once")]
    [InlineData("delete-concurrency", 1, 128, "deletions at once")]
    [InlineData("prefetch-concurrency", 1, 1024, "reads ahead at once")]
    [InlineData("memcached-config-timeout-msec", 1, 60_000, "milliseconds")]
    [InlineData("memcached-expiration-days", 0, 30, "days")]
    public void A_property_that_is_a_number_has_a_least_and_a_largest(string property, int least, int most, string what)
    {
        foreach (var value in new[] { $"{least}", $"{most}" })
        {
            Faults(With(property, value)).ShouldBeEmpty();
        }

        foreach (var value in new[] { $"{least - 1}", $"{most + 1}", $"{least}.5", "many" })
        {
            Reasons(With(property, value)).ShouldBe([$"{property} is \"{value}\"; expected {least} to {most} {what}"]);
        }
    }

    [Theory]
    [InlineData("prefetch-probes")]
    [InlineData("memcached-auto-discovery")]
    [InlineData("encrypt-channel")]
    public void A_property_that_is_a_switch_is_on_or_off(string property)
    {
        foreach (var value in new[] { "true", "false" })
        {
            Faults(With(property, value)).ShouldBeEmpty();
        }

        foreach (var value in new[] { "maybe", "True", "1" })
        {
            Reasons(With(property, value)).ShouldBe([$"{property} is \"{value}\"; expected true or false"]);
        }
    }

    /// <summary>The sizes are those without which no transactor starts.</summary>
    [Theory]
    [InlineData("memory-index-threshold: 32m", "memory-index-threshold", 8)]
    [InlineData("memory-index-max: 512m", "memory-index-max", 32)]
    [InlineData("object-cache-max: 1g", "object-cache-max", 32)]
    public void A_property_that_is_a_size_has_a_least(string written, string property, int least)
    {
        // The least of both, so that only the size in question can be wrong.
        var sound = Sound.Replace("memory-index-threshold: 32m", "memory-index-threshold: 8m", StringComparison.Ordinal);
        written = written.Replace("threshold: 32m", "threshold: 8m", StringComparison.Ordinal);
        var bytes = least * 1024L * 1024;
        foreach (var value in new[] { $"{least}m", $"{least}M", $"{least * 1024}k", $"{bytes}" })
        {
            Faults(sound.Replace(written, $"{property}: {value}", StringComparison.Ordinal)).ShouldBeEmpty();
        }

        foreach (var value in new[] { $"{least - 1}m", $"{bytes - 1}", $"{least}mb" })
        {
            Reasons(sound.Replace(written, $"{property}: {value}", StringComparison.Ordinal))
                .ShouldBe([$"{property} is \"{value}\"; expected at least {least}m, in bytes or with k, m or g"]);
        }
    }

    [Theory]
    [InlineData("memcached", "cache.example.com:11211")]
    [InlineData("memcached-username", "orders")]
    [InlineData("metrics-callback", "my.ns/handler")]
    [InlineData("default-partition", ":db.part/orders")]
    public void A_property_that_is_a_text_is_not_empty(string property, string value)
    {
        Faults(With(property, $"\"{value}\"")).ShouldBeEmpty();
        Reasons(With(property, "\"\"")).ShouldBe([$"{property} is \"\"; expected a text that is not empty"]);
    }

    [Theory]
    [InlineData("memory-index-threshold: 32m", "at least 8m, in bytes or with k, m or g")]
    [InlineData("memory-index-max: 512m", "at least 32m, in bytes or with k, m or g")]
    [InlineData("object-cache-max: 1g", "at least 32m, in bytes or with k, m or g")]
    public void A_size_that_is_empty_is_none(string written, string expected)
    {
        var property = written.Split(':')[0];

        Reasons(Sound.Replace(written, $"{property}: \"\"", StringComparison.Ordinal))
            .ShouldBe([$"{property} is \"\"; expected {expected}"]);
    }

    [Theory]
    [InlineData("version: 1.0.7705")]
    [InlineData("java: 21")]
    [InlineData("mode: pair")]
    [InlineData("cpu: 1024")]
    [InlineData("memory: 6144")]
    [InlineData("heap: ${heap}")]
    public void What_a_transactor_needs_is_not_empty(string written)
    {
        Sound.ShouldContain(written);
        var key = written.Split(':')[0];

        var fault = Reasons(Sound.Replace(written, $"{key}: \"\"", StringComparison.Ordinal)).ShouldHaveSingleItem();

        fault.ShouldBe($"\"{key}\" of \"tx\" in \"steps\" of the file is the text \"\"; expected a text that is not empty");
    }

    [Theory]
    [InlineData("memory-index-maximum: 512m", "memory-index-maximum", "memory-index-max")]
    [InlineData("read-concurency: 8", "read-concurency", "read-concurrency")]
    public void A_property_that_a_transactor_does_not_have_is_refused_with_the_nearest_that_it_has(
        string written,
        string property,
        string nearest
    )
    {
        var fault = Reasons(Sound.Replace("object-cache-max: 1g", $"object-cache-max: 1g\n      {written}")).ShouldHaveSingleItem();

        fault.ShouldStartWith($"the transactor has no property {property}; expected one of memory-index-threshold, memory-index-max, ");
        fault.ShouldEndWith($" (did you mean \"{nearest}\"?)");
    }

    /// <summary>A hyphen makes it a property; a name without one is a variable, which may have any name that is not taken.</summary>
    [Theory]
    [InlineData(
        "memcached-pasword",
        "the transactor has no property memcached-pasword; expected one of memcached-password, ",
        " (did you mean \"memcached-password\"?)"
    )]
    [InlineData(
        "DATOMIC_PROPERTY_MEMCACHED_PASSWORD",
        "the secret DATOMIC_PROPERTY_MEMCACHED_PASSWORD has a name that the deployer gives to what it passes to the start script; ",
        "expected the name of a property, such as memcached-password, or a name that does not begin with DATOMIC_"
    )]
    [InlineData(
        "JAVA_OPTS",
        "the JVM takes options from the secret JAVA_OPTS beside those of the step; ",
        "expected them in javaOptions, and the heap in the key heap"
    )]
    [InlineData(
        "_JAVA_OPTIONS",
        "the JVM takes options from the secret _JAVA_OPTIONS beside those of the step; ",
        "expected them in javaOptions, and the heap in the key heap"
    )]
    [InlineData(
        "JAVA_TOOL_OPTIONS",
        "the JVM takes options from the secret JAVA_TOOL_OPTIONS beside those of the step; ",
        "expected them in javaOptions, and the heap in the key heap"
    )]
    [InlineData("Xmx", "the secret Xmx is read by nothing here; ", "expected the key heap")]
    [InlineData(
        "ECS_CONTAINER_METADATA_URI_V4",
        "the secret ECS_CONTAINER_METADATA_URI_V4 is set by ECS itself; ",
        "expected no such variable"
    )]
    [InlineData(
        "heartbeat-interval-msec",
        "the secret heartbeat-interval-msec is a property whose limits are not checked there; ",
        "expected heartbeat-interval-msec in properties, 1000 to 30000 milliseconds: a takeover takes up to three, and the alarm "
            + "heartbeat-missing waits two minutes"
    )]
    [InlineData(
        "encrypt-channel",
        "the secret encrypt-channel is a property whose limits are not checked there; ",
        "expected encrypt-channel in properties, true or false"
    )]
    [InlineData("encryptChannel", "the secret encryptChannel is read by nothing here; ", "expected encrypt-channel in properties")]
    [InlineData("memcachedPassword", "the secret memcachedPassword is read by nothing here; ", "expected memcached-password in secrets")]
    [InlineData("TEAM", "TEAM stands in secrets and in the file as well; ", "expected one of both")]
    [InlineData("object-cache-max", "object-cache-max stands in secrets and in the file as well; ", "expected one of both")]
    public void A_secret_is_that_of_a_property_or_of_a_variable(string name, string begins, string ends)
    {
        var fault = Reasons(WithSecret(name)).ShouldHaveSingleItem();

        fault.ShouldStartWith(begins);
        fault.ShouldEndWith(ends);
    }

    [Theory]
    [InlineData("memcached-password")]
    [InlineData("memcached-username")]
    [InlineData("API_KEY")]
    public void A_secret_of_a_property_or_of_a_variable_is_taken(string name) => Faults(WithSecret(name)).ShouldBeEmpty();

    [Theory]
    [InlineData("-Ddb.pass=hunter2", true)]
    [InlineData("-Dapi.key=hunter2", true)]
    [InlineData("-Dredis.auth=hunter2", true)]
    [InlineData("-Dfoo=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", true)]
    [InlineData("-Dpassword.file=/x", false)]
    [InlineData("-Dtoken.ttl=5", false)]
    [InlineData("-Dcredentials.provider=container", false)]
    [InlineData("-Dcom.sun.management.jmxremote.password.file=/opt/x", false)]
    public void An_option_of_the_JVM_is_judged_as_a_variable(string option, bool isSecret) =>
        Reasons(Sound.Replace("mode: pair", $"mode: pair\n    javaOptions: [ \"{option}\" ]"))
            .ShouldBe(
                isSecret
                    ? ["an option of the JVM holds a secret, and everybody who may read task definitions reads it; expected secrets"]
                    : []
            );

    [Theory]
    [InlineData("PASSWORD_FILE: /run/password", false)]
    [InlineData("ENCRYPTION_KEY: alias/orders", false)]
    [InlineData("FERNET_KEY: hunter2", true)]
    [InlineData("ARGS: \"--password hunter2\"", true)]
    public void A_variable_is_judged_as_one_of_a_service(string variable, bool isSecret) =>
        Faults(Sound.Replace("{ TEAM: orders }", $"{{ {variable} }}"))
            .Count(fault => fault.Contains("is a secret, and everybody who may read task definitions reads it"))
            .ShouldBe(isSecret ? 1 : 0);

    [Fact]
    public void A_credential_in_a_property_is_refused_and_not_shown() =>
        Reasons(With("memcached", "\"https://me:hunter2@cache:11211\""))
            .ShouldBe(["the property memcached holds a credential; expected memcached in secrets"]);

    private static string With(string property, string value) =>
        Sound.Replace("object-cache-max: 1g", $"object-cache-max: 1g\n      {property}: {value}", StringComparison.Ordinal);

    private static string WithSecret(string name) =>
        Sound.Replace(
            "secrets: {",
            $"secrets: {{ {name}: \"arn:aws:ssm:us-east-1:111111111111:parameter/orders/x\",",
            StringComparison.Ordinal
        );

    /// <summary>The faults without their lines and columns.</summary>
    private static IEnumerable<string> Reasons(string file) =>
        Faults(file).Select(fault => fault[(fault.IndexOf(' ', StringComparison.Ordinal) + 1)..]);

    /// <summary>https://docs.oracle.com/en/java/javase/21/docs/specs/man/java.html</summary>
    [Theory]
    [InlineData("-Xms1g")]
    [InlineData("-mx8g")]
    [InlineData("-XX:MaxHeapSize=8g")]
    [InlineData("-XX:MaxRAMPercentage=90")]
    [InlineData("-XX:+AggressiveHeap")]
    [InlineData("-XX:VMOptionsFile=options")]
    [InlineData("@options")]
    public void The_heap_is_in_its_key_alone(string option) =>
        Faults(Sound.Replace("mode: pair", $"mode: pair\n    javaOptions: [ \"{option}\" ]"))
            .ShouldHaveSingleItem()
            .ShouldContain("the heap stands in javaOptions");

    [Theory]
    [InlineData("host", "host is")]
    [InlineData("protocol", "protocol is")]
    [InlineData("altHost", "altHost is a second address")]
    public void What_the_deployer_sets_is_no_secret_of_the_step(string name, string fault) =>
        Faults(Sound.Replace("secrets: {", $"secrets: {{ {name}: \"arn:aws:secretsmanager:us-east-1:111111111111:secret:orders/x\", "))
            .ShouldHaveSingleItem()
            .ShouldContain(fault);

    [Fact]
    public void A_value_of_one_target_is_a_fault_of_that_target_alone() =>
        Faults(Sound.Replace("region: us-east-1, values: { heap: 4g } }\n  prod", "region: us-east-1, values: { heap: 6g } }\n  prod"))
            .ShouldBe([
                "15:11 the heap of 6g is 100 % of the task's 6144 MiB, and the JVM needs memory beside it: the kernel would end the task "
                    + "(exit code 137) in the target \"dev\"; expected at most 4608m, which leaves 25 % and at least 512m, or a "
                    + "memory of 8192 "
                    + "with a cpu of 1024",
            ]);

    [Fact]
    public void What_every_transactor_needs_is_asked_for() =>
        Faults(Sound.Replace("      object-cache-max: 1g\n", ""))
            .ShouldBe([
                "6:3 the transactor of the step \"tx\" has no object-cache-max, without which it does not start; expected object-cache-max "
                    + "among its properties, at least 32m, in bytes or with k, m or g",
            ]);

    [Fact]
    public void A_single_transactor_is_accepted_where_the_file_allows_its_write_gap() =>
        Faults(Sound.Replace("mode: pair", "mode: single\n    allowWriteGap: true")).ShouldBeEmpty();

    [Fact]
    public void An_older_release_runs_on_Java_17_with_the_modules_that_it_reads_opened() =>
        Faults(
                Sound.Replace(
                    "version: 1.0.7705\n    java: 21",
                    "version: 1.0.7491\n    java: 17\n    javaOptions: [ --add-opens=java.base/java.lang=ALL-UNNAMED, "
                        + "--add-opens=java.xml/com.sun.org.apache.xpath.internal=ALL-UNNAMED ]"
                )
            )
            .ShouldBeEmpty();

    /// <summary>The faults, each with its line and column.</summary>
    private static List<string> Faults(string file) =>
        [
            .. SpecReader
                .Read(new MemoryFolder((SpecFile.Name, file)))
                .Faults.Select(fault => fault.ToString()[(SpecFile.Name.Length + 1)..])
                .Select(fault => fault.Split(": ", 2))
                .Select(parts => $"{parts[0]} {parts[1]}"),
        ];
}
