using System.Text.Json.Nodes;
using Amazon.Lambda.Core;
using Amazon.Runtime;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Resume;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Kinds;
using Deployer.Spec.Tests;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;

namespace Deployer.Functions.Tests.Resume;

/// <summary>Whose events are believed, and what becomes of waits that nobody is behind.</summary>
public sealed class ResumeHandlersTests : IAsyncLifetime
{
    private const string Tools = "222222222222";
    private const string Target = "111111111111";

    private static readonly MemoryFolder Folder = new(
        (
            "deployer.yaml",
            """
            service: inventory
            targets: { dev: { account: "111111111111", region: us-east-1 } }
            steps: { orders: { queue: "orders-${target}" } }
            """
        )
    );

    private readonly ILambdaContext _context = Substitute.For<ILambdaContext>();
    private QueueBench _bench = null!;

    private static string Queue => Queues.Arn("orders-dev");

    public async ValueTask InitializeAsync()
    {
        _bench = await QueueBench.Open(
            Folder,
            services =>
                services
                    .AddSingleton<ResumeHandlers>()
                    .AddSingleton(
                        new Settings("dev", "deployer-dev", "bucket", string.Empty, string.Empty, new HashSet<string> { Target })
                        {
                            Region = "us-east-1",
                        }
                    )
        );
        _context.InvokedFunctionArn.Returns($"arn:aws:lambda:us-east-1:{Tools}:function:resume");
        await _bench.Desk.Lock.Ensure((await _bench.Desk.Read("one"))!, 0);
        await _bench
            .Get<WaitingTask>()
            .Enter(_bench.Get<QueueWork>(), new TaskInput(new("one"), "orders", new("arn"), 0, 0, "token"), _context);
        _bench.Queues.Present.Add("orders-dev");
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData("999999999999", false)]
    [InlineData(Tools, true)]
    [InlineData(Target, true)]
    [InlineData(null, true)]
    public async Task An_event_of_an_account_that_is_none_of_the_deployer_s_answers_nothing(string? account, bool isBelieved)
    {
        await Resume(Queue, account);

        _bench.Desk.Answers.ShouldBe(isBelieved ? ["success token"] : []);
    }

    [Fact]
    public async Task An_event_twice_answers_once()
    {
        await Resume(Queue);
        await Resume(Queue);

        _bench.Desk.Answers.ShouldBe(["success token"]);
    }

    [Fact]
    public async Task A_wait_of_a_task_that_no_kind_has_is_forgotten_and_those_beside_it_are_looked_at()
    {
        var gone = WaitRecord.Key(Queue, new("one"), "orders", "former");
        await _bench.Desk.Ledger.Put(
            gone,
            new WaitRecord
            {
                Resource = Queue,
                Deployment = new("one"),
                Step = "orders",
                Task = "former",
                Token = "former token",
            }
        );

        await Resume(Queue);

        _bench.Desk.Answers.ShouldBe(["success token"]);
        (await _bench.Desk.Ledger.Read(gone)).ShouldBeNull();
    }

    /// <summary>The alarm points at this function; a query for the deployment has to find why.</summary>
    [Fact]
    public async Task What_fails_while_a_wait_is_looked_at_is_a_line_with_its_deployment_step_task_and_account()
    {
        var stepFunctions = _bench.Desk.StepFunctions;
        stepFunctions
            .SendTaskSuccessAsync(Arg.Any<SendTaskSuccessRequest>(), Arg.Any<CancellationToken>())
            .ReturnsForAnyArgs<SendTaskSuccessResponse>(_ => throw Denied());
        stepFunctions
            .SendTaskFailureAsync(Arg.Any<SendTaskFailureRequest>(), Arg.Any<CancellationToken>())
            .ReturnsForAnyArgs<SendTaskFailureResponse>(_ => throw Denied());

        await Should.ThrowAsync<AwsRefusedException>(Resume(Queue, Target));

        var line = _context
            .Logger.ReceivedCalls()
            .Select(call => JsonNode.Parse((string)call.GetArguments()[0]!)!)
            .Where(written => written["level"]!.ToString() == "ERROR")
            .ShouldHaveSingleItem();
        $"{line["deployment"]} {line["step"]} {line["task"]} {line["account"]}".ShouldBe($"one orders deploy {Target}");
        line["message"]!.ToString().ShouldStartWith("AwsRefusedException: ");

        static AmazonStepFunctionsException Denied() =>
            new("no", ErrorType.Sender, "AccessDenied", "id", System.Net.HttpStatusCode.Forbidden);
    }

    private Task Resume(string about, string? account = null) =>
        _bench.Get<ResumeHandlers>().Resume(new SettledEvent("aws.sqs", default, [about], Account: account), _context);
}
