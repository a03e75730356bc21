using System.Text.Json;
using Amazon.CloudWatchLogs;
using Amazon.CloudWatchLogs.Model;
using Deployer.Rehearsal.CloudWatch;
using Deployer.Rehearsal.Datomic;
using Deployer.Rehearsal.Datomic.Nodes;
using Deployer.Rehearsal.Tests.CodeDeploy;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.Datomic.Nodes;

public sealed class DatomicNodesTests
{
    private static readonly RehearsalOptions LoadFails = new() { Faults = new Faults([new Fault("ion-load-fails", null)]) };

    [Fact]
    public async Task A_node_that_loads_a_revision_writes_its_usual_lines_into_a_stream_of_its_own()
    {
        var (fleet, log) = await Start(new RehearsalOptions());
        await using var _ = fleet;

        await fleet.Deploy("one");

        var instance = fleet.ScalingGroup.Instances[0].Id;
        log.Streams.Keys.Count.ShouldBe(2);
        log.Streams.Keys.ShouldContain(stream => stream.StartsWith($"datomic-dev/datomic-dev-inventory-dev-{instance}-2040-01-01-"));
        log.Lines.ShouldNotContain(line => line.GetProperty("Type").GetString() == "Alert");
        log.Lines[^1].GetProperty("Rev").GetString().ShouldBe("one");
        log.Principals.ShouldBe(["node"]);
    }

    [Fact]
    public async Task A_revision_that_does_not_load_leaves_its_exception_and_an_alert_and_is_rolled_back()
    {
        var (fleet, log) = await Start(LoadFails);
        await using var _ = fleet;
        await fleet.Deploy("one");

        var failed = await fleet.Deploy("two");
        await fleet.Quiet();

        failed.Status.ShouldBe("Failed");
        failed
            .Targets[0]
            .Events[^1]
            .ShouldSatisfyAllConditions(
                last => last.Name.ShouldBe("ValidateService"),
                last => last.Diagnostics!.ErrorCode.ShouldBe("ScriptFailed")
            );
        (await fleet.Running()).ShouldBe(["one", "one"]);
        var alerts = log.Lines.Where(line => line.GetProperty("Type").GetString() == "Alert").ToList();
        alerts[0].GetProperty("Rev").GetString().ShouldBe("two");
        alerts[0].GetProperty("Ex").GetProperty("Cause").GetString().ShouldBe("Assert failed: cfg");
        alerts[0].GetProperty("Ex").GetProperty("Via")[1].GetProperty("Type").GetString().ShouldBe("java.lang.AssertionError");
        alerts[1].GetProperty("Msg").GetString().ShouldBe("Alert - Alerts");
    }

    [Fact]
    public async Task The_fault_spares_a_first_release_and_revisions_that_ran_before()
    {
        var (fleet, _) = await Start(LoadFails);
        await using var disposed = fleet;

        var first = await fleet.Deploy("one");
        await fleet.Deploy("two");
        await fleet.Quiet();
        var again = await fleet.Deploy("one");

        first.Status.ShouldBe("Succeeded");
        again.Status.ShouldBe("Succeeded");
    }

    [Fact]
    public async Task The_same_revision_loads_in_a_later_run_without_the_fault()
    {
        var folder = Directory.CreateTempSubdirectory("rehearsal-");
        try
        {
            var (faulty, _) = await Start(LoadFails with { StateDirectory = folder.FullName });
            await using (faulty)
            {
                await faulty.Deploy("one");
                (await faulty.Deploy("two")).Status.ShouldBe("Failed");
                await faulty.Quiet();
            }

            await using var healthy = Fleet.Open(new RehearsalOptions { StateDirectory = folder.FullName });
            Simulate(healthy);

            (await healthy.Deploy("two")).Status.ShouldBe("Succeeded");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(null, "inventory-dev-get-item", true)]
    [InlineData("get-item", "inventory-dev-get-item", true)]
    [InlineData("get-item", "inventory-dev-add-item", false)]
    [InlineData(null, "something-else", false)]
    public async Task Reserving_concurrency_is_refused_once_a_second_revision_is_live(string? what, string function, bool struck)
    {
        var (fleet, _) = await Start(new RehearsalOptions { Faults = new Faults([new Fault("lambdas-half-fail", what)]) });
        await using var disposed = fleet;
        await fleet.Deploy("one");
        await fleet.World.Do(() => Reserve(fleet, function));
        await fleet.Deploy("two");

        var reserve = fleet.World.Do(() => Reserve(fleet, function));

        if (struck)
        {
            (await Should.ThrowAsync<ApiException>(reserve)).Code.ShouldBe("InvalidParameterValueException");
        }
        else
        {
            await reserve;
        }
    }

    private static void Reserve(Fleet fleet, string function) =>
        fleet.World.Api.Authorize(
            fleet.World.Api.CallAs(Principal.Root(Fleet.Account), Fleet.Region, "lambda", "PutFunctionConcurrency"),
            [$"arn:aws:lambda:{Fleet.Region}:{Fleet.Account}:function:{function}"]
        );

    private static async Task<(Fleet Fleet, RecordedLog Log)> Start(RehearsalOptions options)
    {
        RecordedLog? log = null;
        var fleet = await Fleet.Start(options: options, prepare: opened => log = Simulate(opened));
        return (fleet, log!);
    }

    private static RecordedLog Simulate(Fleet fleet)
    {
        var log = new RecordedLog();
        fleet.World.Api.Authorizer = new Everything();
        fleet.World.Api.Register(log);
        var metrics = new MetricStore(fleet.World);
        fleet.World.Api.Register(new CloudWatchService(fleet.World, metrics));
        fleet.Deployments.Add(
            new DatomicNodes(
                fleet.World,
                fleet.Scaling,
                fleet.Deployments,
                new NodeLog(fleet.World),
                new NodeMetrics(fleet.World, fleet.Scaling, metrics)
            )
        );
        new HalfFailedLambdas(fleet.Groups, fleet.Deployments).Install(fleet.World);
        return log;
    }

    private sealed class Everything : IAuthorizer
    {
        public Decision Decide(
            Principal principal,
            string action,
            string resource,
            string resourceAccount,
            string? resourcePolicy,
            IReadOnlyDictionary<string, string> conditionKeys
        ) => new(true, "allowed");

        public string ArnOf(string action, MadeResource resource) => "*";

        public void CheckPassRole(Principal principal, string roleArn, string service, ApiException? untrusted, string? sourceArn) { }
    }

    private sealed class RecordedLog : ModelService
    {
        public RecordedLog()
            : base(CloudWatchLogsModel.Service)
        {
            On<CreateLogStreamRequest, CreateLogStreamResponse>("CreateLogStream", Create, (_, _) => ["*"]);
            On<PutLogEventsRequest, PutLogEventsResponse>("PutLogEvents", Put, (_, _) => ["*"]);
        }

        public SortedDictionary<string, List<string>> Streams { get; } = new(StringComparer.Ordinal);

        public List<JsonElement> Lines { get; } = [];

        public HashSet<string> Principals { get; } = [];

        private CreateLogStreamResponse Create(Call call, CreateLogStreamRequest request)
        {
            Principals.Add(call.Principal.Role!);
            Streams.Add($"{request.LogGroupName}/{request.LogStreamName}"["datomic-".Length..], []);
            return new CreateLogStreamResponse();
        }

        private PutLogEventsResponse Put(Call call, PutLogEventsRequest request)
        {
            Streams[$"{request.LogGroupName}/{request.LogStreamName}"["datomic-".Length..]]
                .AddRange(request.LogEvents.Select(line => line.Message));
            Lines.AddRange(request.LogEvents.Select(line => JsonDocument.Parse(line.Message).RootElement));
            return new PutLogEventsResponse();
        }
    }
}
