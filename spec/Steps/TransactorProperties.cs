using System.Globalization;

namespace Deployer.Spec.Steps;

/// <summary>The lines that a transactor's properties file may have, with their limits.</summary>
/// <remarks>
/// https://docs.datomic.com/operation/system-properties.html and the samples in <c>config/samples</c> of the distribution; limits that
/// neither states are those with which a transactor refuses to start.
/// </remarks>
internal static class TransactorProperties
{
    public const string IndexThreshold = "memory-index-threshold";
    public const string IndexMax = "memory-index-max";
    public const string ObjectCache = "object-cache-max";
    public const string Heartbeat = "heartbeat-interval-msec";
    public const string PingConcurrency = "ping-concurrency";

    /// <summary>The port at which peers reach a transactor.</summary>
    public const int Port = 4334;

    /// <summary>Properties whose values are secrets.</summary>
    public static readonly IReadOnlyList<string> Secret = ["memcached-password"];

    private const long ThresholdLeast = 8 * ByteSize.Mebi;
    private const long CacheLeast = 32 * ByteSize.Mebi;

    // https://docs.datomic.com/operation/valcache.html: the file system of the SSD "must" be mounted with strictatime and lazytime, and
    // nobody mounts the storage of a task on Fargate:
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-storage.html
    private static readonly Refused Valcache = new(
        "needs an SSD that is mounted with strictatime and lazytime, which a task on Fargate does not have",
        "no valcache: memcached is a cache beside the transactor"
    );

    // The address, the storage, the check of health and what reaches CloudWatch belong together with the task, its roles and its security
    // group: the image's start script writes them.
    private static readonly Dictionary<string, Refused> OfTheDeployer = new(StringComparer.Ordinal)
    {
        ["host"] = new(
            "is the address under which peers find the transactor, which a task on Fargate gets when it starts",
            "no host: the start script takes it from the task's metadata endpoint"
        ),
        ["alt-host"] = new("is a second address, which a task on Fargate does not have", "no alt-host"),
        ["port"] = new("is the port that the security groups open to peers", $"no port: it is {Port}"),
        ["protocol"] = new("is ddb, since the storage is a DynamoDB table", "no protocol"),
        ["aws-dynamodb-table"] = new("is the step's table", "the key table of the step"),
        ["aws-dynamodb-region"] = new("is the region of the target", "no region"),
        ["aws-dynamodb-override-endpoint"] = new("is for DynamoDB local", "no endpoint"),
        ["aws-transactor-role"] = new(
            "is read by datomic ensure-transactor alone: a transactor that runs has the task's role",
            "no role here: templates/transactor.yaml makes the task's role"
        ),
        ["aws-peer-role"] = new(
            "is read by datomic ensure-transactor alone",
            "no role here: peers get the policy that templates/transactor.yaml makes"
        ),
        ["aws-cloudwatch-region"] = new("is the region of the target, to which the alarms look", "no region"),
        ["aws-cloudwatch-dimension-value"] = new("is the transactor's name, by which the alarms find its metrics", "no dimension"),
        ["aws-s3-log-bucket-id"] = new("sends logs to S3, where nobody waits for them", "the key logGroup of the step"),
        ["ping-host"] = new("is the container's own address, from which its health is checked", "no ping-host"),
        ["ping-port"] = new("is the port at which the container's health is checked", "no ping-port: it is 9999"),
        ["license-key"] = new("is not needed since Datomic Pro 1.0.6726", "no key"),
        ["data-dir"] = new("is a folder that the image has for it", "no folder"),
        ["log-dir"] = new("is a folder that the image has for it", "no folder"),
        ["pid-file"] = new("has no use in a container", "no file"),
        ["rest-port"] = new("is a port that no security group opens", "no port"),
        ["rest-alias"] = new("is for the REST service, which no security group opens", "no alias"),
        ["valcache-max-gb"] = Valcache,
        ["valcache-path"] = Valcache,
    };

    private static readonly string[] OtherStorages = ["sql-", "cassandra-", "storage-"];

    private static readonly Dictionary<string, Limit> Limits = new(StringComparer.Ordinal)
    {
        [IndexThreshold] = Size(ThresholdLeast),
        [IndexMax] = Size(CacheLeast),
        [ObjectCache] = Size(CacheLeast),
        [Heartbeat] = Whole(1000, 30_000, "milliseconds: a takeover takes up to three, and the alarm heartbeat-missing waits two minutes"),
        [PingConcurrency] = Whole(4, 64, "threads: with fewer the health endpoint fails on few CPUs (\"Insufficient threads\")"),
        ["write-concurrency"] = Whole(2, 1024, "writes at once"),
        ["read-concurrency"] = Whole(2, 2048, "reads at once"),
        ["index-parallelism"] = Whole(1, 8, "indexing jobs at once"),
        ["delete-concurrency"] = Whole(1, 128, "deletions at once"),
        ["prefetch-concurrency"] = Whole(1, 1024, "reads ahead at once"),
        ["prefetch-probes"] = Either,
        ["memcached-config-timeout-msec"] = Whole(1, 60_000, "milliseconds"),
        ["memcached-expiration-days"] = Whole(0, 30, "days"),
        ["memcached-auto-discovery"] = Either,
        ["encrypt-channel"] = Either,
        ["memcached"] = Anything,
        ["memcached-username"] = Anything,
        ["metrics-callback"] = Anything,
        ["default-partition"] = Anything,
    };

    /// <summary>The names that a file may have, secret ones left out.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Limits.Keys];

    /// <summary>The properties without which no transactor starts.</summary>
    public static IReadOnlyList<string> Required { get; } = [IndexThreshold, IndexMax, ObjectCache];

    /// <summary>Why a property is not one of the file; <see langword="null"/> for one that is, or that is not known.</summary>
    public static Refused? Refusal(string name) =>
        OfTheDeployer.GetValueOrDefault(name)
        ?? (
            Array.Exists(OtherStorages, prefix => name.StartsWith(prefix, StringComparison.Ordinal))
                ? new Refused("belongs to another storage than DynamoDB", "no property of another storage")
                : null
        );

    /// <summary>What the value of a property has to be; <see langword="null"/> for a property that is not known.</summary>
    public static Limit? Find(string name) => Limits.GetValueOrDefault(name);

    private static Limit Either => new(value => value is "true" or "false", "true or false");

    private static Limit Anything => new(value => value.Length > 0, "a text that is not empty", HasLimit: false);

    private static Limit Size(long least) =>
        new(value => ByteSize.Find(value) >= least, $"at least {ByteSize.Text(least)}, in bytes or with k, m or g");

    private static Limit Whole(int least, int most, string what) =>
        new(
            value =>
                int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most,
            $"{least} to {most} {what}"
        );

    /// <summary>What the value of a property has to be.</summary>
    /// <param name="Holds">Whether a value is one.</param>
    /// <param name="Expected">The same in words.</param>
    /// <param name="HasLimit">Whether it is more than any text.</param>
    internal sealed record Limit(Func<string, bool> Holds, string Expected, bool HasLimit = true);

    /// <summary>Why a property is not one of the file.</summary>
    /// <param name="Because">What it is.</param>
    /// <param name="Expected">What stands there instead.</param>
    internal sealed record Refused(string Because, string Expected);
}
