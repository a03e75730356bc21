using Deployer.Spec.Sources;

namespace Deployer.Spec.Tests.Rules;

public sealed class EcsServiceRulesTests
{
    private const string Transactor = """
        cluster: shop, image: "r@sha256:0000000000000000000000000000000000000000000000000000000000000000", version: 1.0.7705, java: 21,
              mode: pair, cpu: 1024, memory: 6144, heap: 4g, table: shop, logGroup: /shop,
              properties: { memory-index-threshold: 32m, memory-index-max: 512m, object-cache-max: 1g }
        """;

    private static IEnumerable<string> Faults(string steps) =>
        SpecReader
            .Read(
                new MemoryFolder(
                    (
                        SpecFile.Name,
                        $$"""
                        service: shop
                        targets:
                          dev: { account: "111111111111", region: us-east-1 }
                        steps:
                        {{steps}}
                        """
                    )
                )
            )
            .Faults.Select(fault => fault.ToString());

    [Fact]
    public void Two_steps_of_one_transactor_are_one_fault() =>
        Faults($"  one: {{ transactor: db, {Transactor} }}\n  two: {{ transactor: db, {Transactor} }}")
            .ShouldHaveSingleItem()
            .ShouldEndWith(
                "the steps one, two replace the tasks of the same ECS service \"db-a\" of the cluster \"shop\" in the target \"dev\"; "
                    + "expected one step for each ECS service"
            );

    [Theory]
    [InlineData("  one: { service: web, cluster: shop, cpu: 256 }\n  two: { service: web, cluster: shop, cpu: 512 }", "\"web\"")]
    [InlineData(
        "  one: { service: web, cluster: shop, cpu: 256 }\n"
            + "  two: { service: web, cluster: \"arn:aws:ecs:us-east-1:111111111111:cluster/shop\", cpu: 512 }",
        "\"web\""
    )]
    [InlineData($"  one: {{ transactor: db, {Transactor} }}\n  two: {{ service: db-b, cluster: shop, cpu: 512 }}", "\"db-b\"")]
    public void Two_steps_of_one_service_are_a_fault(string steps, string service) =>
        Faults(steps).ShouldHaveSingleItem().ShouldContain($"the same ECS service {service} of the cluster \"shop\"");

    [Theory]
    [InlineData("  one: { service: web, cluster: shop, cpu: 256 }\n  two: { service: web, cluster: other, cpu: 512 }")]
    [InlineData($"  one: {{ transactor: db, {Transactor} }}\n  two: {{ service: db, cluster: shop, cpu: 512 }}")]
    public void Services_that_only_look_alike_are_none(string steps) => Faults(steps).ShouldBeEmpty();
}
