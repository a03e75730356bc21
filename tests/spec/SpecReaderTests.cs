using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;
using Deployer.Spec.Kinds;
using Deployer.Spec.Reading;
using Deployer.Spec.Steps;
using Deployer.Spec.Yaml;

namespace Deployer.Spec.Tests;

public sealed class SpecReaderTests
{
    private static ServiceSpec Example
    {
        get
        {
            var reading = Inventory.Read();
            reading.Faults.ShouldBeEmpty();
            return reading.Spec.ShouldNotBeNull();
        }
    }

    [Fact]
    public void Reads_the_example_without_fault()
    {
        Example.Service.ShouldBe("inventory");
        Example.Repository.ShouldNotBeNull().Url.ShouldBe("https://github.com/acme/inventory");
        Example
            .Steps.Select(step => (step.Name, step.Kind))
            .ShouldBe([("group", "stack"), ("ions", "ions"), ("network", "stack"), ("api", "stack"), ("endpoint", "endpoint")]);
    }

    [Fact]
    public void Reads_targets_with_their_values()
    {
        var prod = Example.Target("prod").ShouldNotBeNull();

        prod.Account.ShouldBe("333333333333");
        prod.Region.ShouldBe("us-east-1");
        prod.Values.ShouldBe(new Dictionary<string, string> { ["system"] = "datomic-prod" });
        prod.Approval.ShouldBeNull();
        Example.Target("stage").ShouldBeNull();
    }

    [Fact]
    public void Reads_a_stack()
    {
        var group = Example.Step("group").ShouldBeOfType<StackStep>();

        group.StackKind.ShouldBe(StackKind.DatomicQueryGroup);
        group.Parameters["Ions"].Text.ShouldBe("Yes");
        group.Publish.ShouldNotBeNull().Text.ShouldBe("/inventory/${target}/group");
        group.Capabilities.ShouldBeNull();
        Example.Step("api").ShouldBeOfType<StackStep>().StackKind.ShouldBe(StackKind.Plain);
    }

    [Fact]
    public void Reads_ions()
    {
        var ions = Example.Step("ions").ShouldBeOfType<IonsStep>();

        ions.Folder.Value.ShouldBe("ions");
        ions.AllowConflicts.ShouldBe(["org.clojure/tools.reader"]);
        ions.Group.Parts.ShouldBe([new StepOutput("group", "CodeDeployDeploymentGroup")]);
        ions.Bake.ShouldBeNull();
        ions.AllowUnpromoted.ShouldBeFalse();
    }

    [Fact]
    public void Reads_what_may_be_deployed_without_the_stage_before() =>
        Inventory
            .ReadWith("allowConflicts: [ org.clojure/tools.reader ]", "allowUnpromoted: true")
            .Spec.ShouldNotBeNull()
            .Step("ions")
            .ShouldBeOfType<IonsStep>()
            .AllowUnpromoted.ShouldBeTrue();

    [Theory]
    [InlineData("bake: 15m", 15, 15, 0)]
    [InlineData("bake: { for: 5m }", 5, 15, 0)]
    [InlineData("bake: { for: 5m, freeMemory: 0%, throttled: 20 }", 5, 0, 20)]
    public void Reads_a_bake_with_its_thresholds(string written, int minutes, int freeMemory, int throttled) =>
        Inventory
            .ReadWith("allowConflicts: [ org.clojure/tools.reader ]", written)
            .Spec.ShouldNotBeNull()
            .Step("ions")
            .ShouldBeOfType<IonsStep>()
            .Bake.ShouldBe(new BakeSpec(TimeSpan.FromMinutes(minutes), freeMemory, throttled));

    [Fact]
    public void Reads_an_endpoint()
    {
        var endpoint = Example.Step("endpoint").ShouldBeOfType<EndpointStep>();

        endpoint.Via.ShouldBe(EndpointRoute.VpcEndpoint);
        endpoint.FunctionNames.ShouldHaveSingleItem().Text.ShouldBe("inventory-${target}-*");
        endpoint.Variables.Keys.ShouldBe(["DATOMIC_ENDPOINT", "DATOMIC_SYSTEM_NAME"]);
        endpoint.After.Select(before => before.Name).ShouldBe(["network", "api"]);
    }

    private const string ServicesAndTransactors = """
        service: shop
        targets: { dev: { account: "111111111111", region: us-east-1 } }
        steps:
          web: { service: web, cluster: shop, image: "acme/web@sha256:${revision}" }
          peer:
            transactor: tx
            cluster: shop
            image: acme/tx@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
            version: 1.0.7705
            java: 21
            mode: single
            allowWriteGap: true
            cpu: 1024
            memory: 6144
            heap: 4g
            table: shop
            logGroup: /shop/tx
            properties: { memory-index-threshold: 32m, memory-index-max: 512m, object-cache-max: 1g }
            environment: { TEAM: orders }
            secrets: { memcached-password: "arn:aws:ssm:us-east-1:111111111111:parameter/shop/memcached" }
            javaOptions: [ -XX:+ExitOnOutOfMemoryError ]
            watch: 10m
            after: [ web ]
        """;

    [Fact]
    public void Binds_what_is_not_supported_yet()
    {
        var faults = new FaultList();
        var spec = new SpecBinder(StepKinds.BuiltIn, faults).Bind(
            YamlReader
                .Read(ServicesAndTransactors.Replace("us-east-1 }", "us-east-1, approval: true, role: other }"), "deployer.yaml", faults)
                .ShouldNotBeNull()
        );

        spec.Target("dev").ShouldNotBeNull().Approval.ShouldNotBeNull().For.ShouldBeEmpty();
        spec.Target("dev").ShouldNotBeNull().Role.ShouldBe("other");
        var transactor = spec.Step("peer").ShouldBeOfType<TransactorStep>();
        transactor
            .Expressions.Select(expression => expression.Text)
            .ShouldBe([
                "tx",
                "shop",
                "acme/tx@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                "1.0.7705",
                "21",
                "1024",
                "6144",
                "4g",
                "single",
                "shop",
                "/shop/tx",
                "32m",
                "512m",
                "1g",
                "orders",
                "arn:aws:ssm:us-east-1:111111111111:parameter/shop/memcached",
                "-XX:+ExitOnOutOfMemoryError",
            ]);
        (transactor.AllowsWriteGap, transactor.Watch).ShouldBe((true, TimeSpan.FromMinutes(10)));
        transactor.After.Select(before => before.Name).ShouldBe(["web"]);
        faults.Any.ShouldBeFalse();
    }

    [Fact]
    public void Resolves_what_the_target_knows_and_names_what_it_does_not()
    {
        var spec = Example;
        var resolve = spec.Resolver(spec.Target("dev").ShouldNotBeNull());
        var variables = spec.Step("endpoint").ShouldBeOfType<EndpointStep>().Variables;

        variables["DATOMIC_SYSTEM_NAME"].Evaluate(resolve).Value.ShouldBe("datomic-dev");
        variables["DATOMIC_ENDPOINT"]
            .Evaluate(resolve)
            .ShouldSatisfyAllConditions(
                evaluation => evaluation.Value.ShouldBeNull(),
                evaluation => evaluation.Unknown.ShouldBe([new EndpointDns()])
            );
    }

    [Fact]
    public void Resolves_outputs_and_the_endpoint_once_they_are_known()
    {
        var spec = Example;
        var resolve = spec.Resolver(spec.Target("dev").ShouldNotBeNull(), output => $"<{output.Step}.{output.Output}>", "vpce-1.example");

        spec.Step("ions").ShouldBeOfType<IonsStep>().Group.Evaluate(resolve).Value.ShouldBe("<group.CodeDeployDeploymentGroup>");
        spec.Step("endpoint")
            .ShouldBeOfType<EndpointStep>()
            .Variables["DATOMIC_ENDPOINT"]
            .Evaluate(resolve)
            .Value.ShouldBe("http://vpce-1.example:8182");
    }

    [Fact]
    public void A_missing_file_is_a_fault() =>
        SpecReader
            .Read(new MemoryFolder())
            .Faults.ShouldHaveSingleItem()
            .ToString()
            .ShouldBe("deployer.yaml:1:1: there is no such file; expected a file of the service (links are not followed)");

    [Fact]
    public void A_folder_in_its_place_is_called_one() =>
        SpecReader
            .Read(new MemoryFolder(("deployer.yaml/a.txt", "x")))
            .Faults.ShouldHaveSingleItem()
            .ToString()
            .ShouldBe("deployer.yaml:1:1: it is a folder; expected a file of the service (links are not followed)");

    [Fact]
    public void Faults_of_all_kinds_are_reported_together_in_the_order_of_the_file()
    {
        var reading = Inventory.Read(
            """
            service: Inventory
            targets:
              dev: { account: "11111111111", region: us-east-1, values: { system: datomic-dev } }
            steps:
              group:
                stak: inventory-${target}
                template: group.json
              api:
                stack: inventory-${targt}
                template: stacks/apy.yaml
                after: [ gruop ]
              endpoint:
                endpoint: ${steps.api.outputs.EndpointId}
                via: vpc-endpiont
                functions: { names: [ inventory ] }
                variables: { AWS_REGION: us-east-1, A: x }
            """
        );

        reading.Spec.ShouldBeNull();
        reading
            .Faults.Select(fault => fault.ToString())
            .ShouldBe([
                "deployer.yaml:1:10: \"service\" of the file is the text \"Inventory\"; expected 1 to 40 lower-case "
                    + "letters, digits and hyphens, beginning with a letter",
                "deployer.yaml:3:19: \"account\" of \"dev\" in \"targets\" of the file is the text \"11111111111\"; "
                    + "expected 12 digits in quotes",
                "deployer.yaml:6:5: \"group\" in \"steps\" of the file does not say what kind it is; expected one "
                    + "of the keys stack, ions, endpoint, service, transactor (did you mean \"stack\"?)",
                "deployer.yaml:9:12: ${targt} is not among the values of dev; expected one of system, target, "
                    + "service (did you mean \"target\"?)",
                "deployer.yaml:10:15: the template \"stacks/apy.yaml\" does not exist; expected one of "
                    + "stacks/api.yaml, stacks/network.yaml (did you mean \"stacks/api.yaml\"?)",
                "deployer.yaml:11:14: the step \"gruop\" in after of \"api\" does not exist; expected one of group, "
                    + "api, endpoint (did you mean \"group\"?)",
                "deployer.yaml:14:10: \"via\" of \"endpoint\" in \"steps\" of the file is the text "
                    + "\"vpc-endpiont\"; expected vpc-endpoint",
                "deployer.yaml:16:18: the name \"AWS_REGION\" in \"variables\" of \"endpoint\" in \"steps\" of the "
                    + "file is reserved by Lambda; expected another name",
                "deployer.yaml:16:41: the name \"A\" in \"variables\" of \"endpoint\" in \"steps\" of the file is "
                    + "not allowed; expected 2 or more letters, digits and underscores, beginning with a letter",
            ]);
    }
}
