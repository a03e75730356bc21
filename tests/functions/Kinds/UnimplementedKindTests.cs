using System.Text.Json;
using Deployer.Functions.Deployments;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Spec;
using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;
using Deployer.Spec.Kinds;
using Deployer.Spec.Shapes;
using Deployer.Spec.Steps;
using Deployer.Spec.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Functions.Tests.Kinds;

/// <summary>A kind of step that a file may have and the deployer has no implementation of.</summary>
public sealed class UnimplementedKindTests : IAsyncLifetime
{
    private const string Refusal =
        "the step \"bills\" is of kind topic, which is not supported yet; expected one of stack, ions, endpoint, service, transactor";

    private static readonly StepKinds Kinds = StepKinds.BuiltIn.With(new TopicSpecKind());

    private static readonly MemoryFolder Folder = new(
        (
            "deployer.yaml",
            """
            service: inventory
            targets: { dev: { account: "111111111111", region: us-east-1 } }
            steps:
              bills: { topic: bills }
            """
        )
    );

    private QueueBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await QueueBench.Open(Folder, services => services.AddSingleton(Kinds));

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public void Its_steps_are_refused_where_they_stand_by_whoever_reads_the_file()
    {
        var reading = SpecReader.Read(Folder, Kinds);

        reading.Spec.ShouldBeNull();
        var fault = reading.Faults.ShouldHaveSingleItem();
        (fault.Position.Line, fault.Position.Column).ShouldBe((4, 3));
        fault.ToString().ShouldBe($"deployer.yaml:4:3: {Refusal}");
    }

    [Fact]
    public async Task A_deployment_of_them_does_not_begin()
    {
        var begin = new BeginInput(
            JsonDocument.Parse("""{"service":"inventory","target":"dev","source":{"bucket":"bucket","key":"key"}}""").RootElement,
            new ExecutionArn("arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:two"),
            0,
            0,
            "token"
        );

        var refused = await Should.ThrowAsync<SpecInvalidException>(() => _bench.Get<Begin>().Run(begin));

        refused.Message.ShouldBe($"deployer.yaml:4:3: {Refusal}");
        (await _bench.Desk.Ledger.Read(DeploymentRecord.Key(new("two")))).ShouldBeNull();
    }

    /// <summary>The same step of a kind that is implemented is accepted: it is refused for nothing else.</summary>
    [Fact]
    public void They_are_accepted_once_the_kind_is_implemented() =>
        SpecReader.Read(Folder, StepKinds.BuiltIn.With(new TopicSpecKind(isImplemented: true))).Faults.ShouldBeEmpty();

    private sealed class TopicSpecKind(bool isImplemented = false) : StepKind
    {
        private static readonly ObjectShape StepShape = new(
            "A topic.",
            [new("topic", new TextShape("The topic's name."), Required: true), SpecShapes.After]
        );

        public override bool IsImplemented => isImplemented;

        internal override ObjectShape Shape => StepShape;

        internal override StepSpec Bind(StepNode node) => new TopicStep(node.Name, node.Position, node.After);
    }

    private sealed record TopicStep(string Name, SourcePosition Position, IReadOnlyList<NamedStep> After) : StepSpec(Name, Position, After)
    {
        public override string Kind => "topic";

        public override IEnumerable<Expression> Expressions => [];
    }
}
