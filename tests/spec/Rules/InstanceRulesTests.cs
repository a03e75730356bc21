using Deployer.Spec.Kinds;

namespace Deployer.Spec.Tests.Rules;

public sealed class InstanceRulesTests
{
    private const string Values = "values: { system: datomic-dev }";

    private static SpecReading Read(string instances, params (string From, string To)[] changes) =>
        Inventory.Read(
            changes.Aggregate(
                Inventory.Yaml.Replace(Values, $"{Values}, instances: {instances}", StringComparison.Ordinal),
                (text, change) => text.Replace(change.From, change.To, StringComparison.Ordinal)
            )
        );

    private static IEnumerable<string> Faults(SpecReading reading) => reading.Faults.Select(fault => fault.ToString());

    [Fact]
    public void A_target_may_allow_instances_of_some_steps()
    {
        var spec = Read("{ steps: [ group, ions ], expireAfter: 3d }").Spec.ShouldNotBeNull();

        var instances = spec.Target("dev")!.Instances.ShouldNotBeNull();
        instances.StepNames.ShouldBe(["group", "ions"]);
        instances.ExpireAfter.ShouldBe(TimeSpan.FromDays(3));
        spec.Target("prod")!.Instances.ShouldBeNull();
    }

    [Fact]
    public void An_instance_is_a_target_of_its_own_by_the_name_of_both()
    {
        var spec = Read("{ steps: [ group ], expireAfter: 72h }").Spec.ShouldNotBeNull();

        var instance = spec.TargetOrInstance("dev-feature-x").ShouldNotBeNull();
        (instance.Name, instance.Declared, instance.Instance, instance.Account).ShouldBe(
            ("dev-feature-x", "dev", "feature-x", "111111111111")
        );
        spec.TargetOrInstance("dev").ShouldBe(spec.Target("dev"));
        spec.TargetOrInstance("prod-x").ShouldBeNull();
        spec.Target("dev-feature-x").ShouldBeNull();
    }

    [Theory]
    [InlineData(
        "{ steps: [ group ] }",
        "\"expireAfter\" of \"instances\" of \"dev\" in \"targets\" of the file is missing; expected hours or days such as 72h or 7d"
    )]
    [InlineData("{ steps: [ group ], expireAfter: 999999999h }", "expected hours or days such as 72h or 7d")]
    [InlineData("{ steps: [], expireAfter: 72h }", "\"steps\" of \"instances\" of \"dev\" in \"targets\" of the file is empty")]
    [InlineData(
        "{ steps: [ grup ], expireAfter: 72h }",
        "the step \"grup\" does not exist; expected one of group, ions, network, api, endpoint (did you mean \"group\"?)"
    )]
    [InlineData(
        "{ steps: [ ions ], expireAfter: 72h }",
        "the step \"ions\" uses an output of \"group\", which an instance does not have; expected \"group\" among "
            + "the steps of the instances"
    )]
    [InlineData("{ steps: [ group ], expireAfter: 5m }", "is the text \"5m\"; expected hours or days such as 72h or 7d")]
    public void What_is_wrong_with_them_is_reported(string instances, string fault) =>
        Faults(Read(instances)).ShouldContain(found => found.Contains(fault, StringComparison.Ordinal));

    [Fact]
    public void What_an_instance_makes_is_named_by_its_target() =>
        Faults(
                Read(
                    "{ steps: [ group, network, endpoint ], expireAfter: 72h }",
                    ("stack: inventory-${target}\n", "stack: inventory-group\n"),
                    ("/inventory/${target}/group", "/inventory/group"),
                    ("inventory-${target}-*", "inventory-consumer-*")
                )
            )
            .Where(found => found.Contains("development instance", StringComparison.Ordinal))
            .ShouldBe([
                "deployer.yaml:9:12: the stack's name \"inventory-group\" of the step \"group\" is the same for "
                    + "every development instance; expected ${target} in it",
                "deployer.yaml:13:14: the path to publish to \"/inventory/group\" of the step \"group\" is the same "
                    + "for every development instance; expected ${target} in it",
                "deployer.yaml:31:27: the name of functions \"inventory-consumer-*\" of the step \"endpoint\" is "
                    + "the same for every development instance; expected ${target} in it",
            ]);

    [Fact]
    public void An_instance_shares_the_system() =>
        Faults(
                Read(
                    "{ steps: [ group ], expireAfter: 72h }",
                    ("kind: datomic-query-group", "kind: datomic-compute"),
                    ("query-group-template", "compute-template")
                )
            )
            .ShouldContain(
                "deployer.yaml:5:110: the step \"group\" is of kind datomic-compute, and a development instance "
                    + "shares the system; expected a query group, ions, stacks of your own or endpoints"
            );

    [Fact]
    public void A_target_that_needs_an_approval_has_none() =>
        Faults(Read("{ steps: [ group ], expireAfter: 72h }, approval: true"))
            .ShouldContain(found =>
                found.Contains("the target \"dev\" needs an approval and allows development instances", StringComparison.Ordinal)
            );

    [Fact]
    public void No_other_target_is_named_like_an_instance() =>
        Faults(Read("{ steps: [ group ], expireAfter: 72h }", ("  prod:", "  dev-2:")))
            .ShouldContain(found =>
                found.Contains(
                    "the target \"dev-2\" is named like a development instance of the target \"dev\"; expected a "
                        + "name that does not begin with \"dev-\"",
                    StringComparison.Ordinal
                )
            );

    [Theory]
    [InlineData(
        "-x",
        "the name of the development instance is \"-x\"; expected 1 to 20 lower-case letters, digits and hyphens, not at its ends"
    )]
    [InlineData("of-the-longest-name", "the group is \"inventory-dev-of-the-longest-name\"")]
    public void An_instance_is_checked_with_its_name(string name, string fault)
    {
        var spec = Read("{ steps: [ group ], expireAfter: 72h }").Spec.ShouldNotBeNull();

        SpecReader.CheckInstance(spec, Inventory.Folder(), spec.Target("dev")!.ForInstance("fine"), [], StepKinds.BuiltIn).ShouldBeEmpty();
        SpecReader
            .CheckInstance(spec, Inventory.Folder(), spec.Target("dev")!.ForInstance(name), [], StepKinds.BuiltIn)
            .Select(found => found.ToString())
            .ShouldContain(found => found.Contains(fault, StringComparison.Ordinal));
    }

    /// <summary>The stacks of the file are named right; their names are wrong by that of the instance alone.</summary>
    [Fact]
    public void Of_an_instance_with_a_wrong_name_nothing_else_is_wrong()
    {
        var spec = Read("{ steps: [ group ], expireAfter: 72h }").Spec.ShouldNotBeNull();

        SpecReader
            .CheckInstance(spec, Inventory.Folder(), spec.Target("dev")!.ForInstance("BAD NAME!"), [], StepKinds.BuiltIn)
            .ShouldHaveSingleItem()
            .Problem.ShouldBe("the name of the development instance is \"BAD NAME!\"");
    }

    [Fact]
    public void No_instance_has_a_stack_of_the_target_or_of_another_instance()
    {
        var spec = Read("{ steps: [ group, ions, api ], expireAfter: 72h }").Spec.ShouldNotBeNull();
        var dev = spec.Target("dev")!;

        SpecReader
            .CheckInstance(spec, Inventory.Folder(), dev.ForInstance("api"), [], StepKinds.BuiltIn)
            .Select(found => found.ToString())
            .ShouldBe([
                "deployer.yaml:5:3: \"inventory-dev-api\" of the step \"group\" of \"dev-api\" is that of the step "
                    + "\"api\" of \"dev\"; expected another name for the development instance",
            ]);
        SpecReader
            .CheckInstance(spec, Inventory.Folder(), dev.ForInstance("x-api"), [dev.ForInstance("y")], StepKinds.BuiltIn)
            .ShouldBeEmpty();
        SpecReader
            .CheckInstance(
                spec,
                Inventory.Folder(),
                dev.ForInstance("x-api"),
                [dev.ForInstance("x-api"), dev.ForInstance("x")],
                StepKinds.BuiltIn
            )
            .Select(found => found.ToString())
            .ShouldBe([
                "deployer.yaml:5:3: \"inventory-dev-x-api\" of the step \"group\" of \"dev-x-api\" is that of the "
                    + "step \"api\" of \"dev-x\"; expected another name for the development instance",
            ]);
    }
}
