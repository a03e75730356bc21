using Deployer.Spec.Steps;

namespace Deployer.Spec.Tests.Steps;

public sealed class StepGraphTests
{
    private static StepGraph Graph(string steps) => StepGraph.Build(Read(steps).Spec.ShouldNotBeNull());

    private static SpecReading Read(string steps) =>
        Inventory.Read(
            $$"""
            service: shop
            targets: { dev: { account: "111111111111", region: us-east-1 } }
            steps:
            {{steps}}
            """
        );

    private static IEnumerable<string> Waves(StepGraph graph) =>
        graph.Waves.Select(wave => string.Join(' ', wave.Select(step => step.Name)));

    [Fact]
    public void The_example_goes_in_four_waves()
    {
        var graph = StepGraph.Build(Inventory.Read().Spec.ShouldNotBeNull());

        Waves(graph).ShouldBe(["group", "ions network", "api", "endpoint"]);
        graph.Before("endpoint").ShouldBe(["network", "api"]);
    }

    [Fact]
    public void A_reference_is_an_edge_without_after() =>
        Waves(
                Graph(
                    """
                      b: { stack: b, template: "https://s3.amazonaws.com/acme/x.yaml", parameters: { In: "${steps.a.outputs.Out}" } }
                      a: { stack: a, template: "https://s3.amazonaws.com/acme/x.yaml" }
                    """
                )
            )
            .ShouldBe(["a", "b"]);

    [Fact]
    public void Independent_steps_share_a_wave_in_the_order_of_the_file() =>
        Waves(
                Graph(
                    """
                      c: { stack: c, template: "https://s3.amazonaws.com/acme/x.yaml" }
                      a: { stack: a, template: "https://s3.amazonaws.com/acme/x.yaml" }
                      b: { stack: b, template: "https://s3.amazonaws.com/acme/x.yaml" }
                    """
                )
            )
            .ShouldBe(["c a b"]);

    [Fact]
    public void Datomic_stacks_go_storage_then_primary_then_query_groups_together() =>
        Waves(
                Graph(
                    """
                      q1: { stack: q1, kind: datomic-query-group, template: "https://s3.amazonaws.com/acme/x.yaml" }
                      q2: { stack: q2, kind: datomic-query-group, template: "https://s3.amazonaws.com/acme/x.yaml" }
                      primary: { stack: primary, kind: datomic-compute, template: "https://s3.amazonaws.com/acme/x.yaml" }
                      storage: { stack: storage, kind: datomic-storage, template: "https://s3.amazonaws.com/acme/x.yaml" }
                      other: { stack: other, template: "https://s3.amazonaws.com/acme/x.yaml" }
                    """
                )
            )
            .ShouldBe(["storage other", "primary", "q1 q2"]);

    [Fact]
    public void Query_groups_wait_for_storage_also_without_a_primary_group() =>
        Waves(
                Graph(
                    """
                      q: { stack: q, kind: datomic-query-group, template: "https://s3.amazonaws.com/acme/x.yaml" }
                      storage: { stack: storage, kind: datomic-storage, template: "https://s3.amazonaws.com/acme/x.yaml" }
                    """
                )
            )
            .ShouldBe(["storage", "q"]);

    [Fact]
    public void Steps_run_alone_keep_the_order_that_goes_through_steps_left_out()
    {
        var graph = StepGraph.Build(Inventory.Read().Spec.ShouldNotBeNull());

        Waves(graph.Only(["endpoint", "group"])).ShouldBe(["group", "endpoint"]);
        Waves(graph.Only(["api", "network"])).ShouldBe(["network api"]);
        Waves(graph.Only(["ions"])).ShouldBe(["ions"]);
    }

    [Fact]
    public void A_step_that_does_not_exist_cannot_be_run_alone() =>
        Should
            .Throw<UnknownStepException>(() => StepGraph.Build(Inventory.Read().Spec.ShouldNotBeNull()).Only(["grup"]))
            .Message.ShouldBe("There is no step \"grup\"; expected one of group, ions, network, api, endpoint (did you mean \"group\"?).");

    [Fact]
    public void A_cycle_is_named_in_order()
    {
        var faults = Read(
            """
              a: { stack: a, template: "https://s3.amazonaws.com/acme/x.yaml", after: [ c ] }
              b: { stack: b, template: "https://s3.amazonaws.com/acme/x.yaml", parameters: { In: "${steps.a.outputs.Out}" } }
              c: { stack: c, template: "https://s3.amazonaws.com/acme/x.yaml", after: [ b ] }
              d: { stack: d, template: "https://s3.amazonaws.com/acme/x.yaml", after: [ c ] }
            """
        ).Faults;

        faults
            .ShouldHaveSingleItem()
            .Problem.ShouldBe(
                "the steps form a cycle: a waits for c (after), c waits for b (after), b waits for a (${steps.a.outputs.Out})"
            );
        faults[0].Position.Line.ShouldBe(4);
    }

    [Fact]
    public void Two_cycles_are_both_named() =>
        Read(
            """
              a: { stack: a, template: "https://s3.amazonaws.com/acme/x.yaml", after: [ b ] }
              b: { stack: b, template: "https://s3.amazonaws.com/acme/x.yaml", after: [ a ] }
              c: { stack: c, template: "https://s3.amazonaws.com/acme/x.yaml", after: [ c ] }
            """
        )
            .Faults.Select(fault => fault.Problem)
            .ShouldBe([
                "the steps form a cycle: a waits for b (after), b waits for a (after)",
                "the steps form a cycle: c waits for c (after)",
            ]);

    [Fact]
    public void An_after_against_datomics_order_is_a_cycle() =>
        Read(
            """
              storage: { stack: storage, kind: datomic-storage, template: "https://s3.amazonaws.com/acme/x.yaml", after: [ primary ] }
              primary: { stack: primary, kind: datomic-compute, template: "https://s3.amazonaws.com/acme/x.yaml" }
            """
        )
            .Faults.ShouldHaveSingleItem()
            .Problem.ShouldBe(
                "the steps form a cycle: storage waits for primary (after), primary waits for storage "
                    + "(datomic-storage before datomic-compute)"
            );
}
