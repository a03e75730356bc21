using Deployer.Spec.Sources;

namespace Deployer.Spec.Tests.Reading;

public sealed class SpecRulesTests
{
    private static IEnumerable<string> Faults(SpecReading reading)
    {
        reading.Spec.ShouldBeNull();
        return reading.Faults.Select(fault => fault.ToString());
    }

    [Theory]
    // The file's head
    [InlineData(
        "service: inventory",
        "service: [ inventory ]",
        "deployer.yaml:2:10: \"service\" of the file is a list; expected 1 to 40 lower-case letters, digits and "
            + "hyphens, beginning with a letter"
    )]
    [InlineData(
        "service: inventory",
        "sevice: inventory",
        "deployer.yaml:2:1: the key \"sevice\" of the file is not known; expected one of service, repository, "
            + "targets, steps (did you mean \"service\"?)",
        "deployer.yaml:2:1: \"service\" of the file is missing; expected 1 to 40 lower-case letters, digits and "
            + "hyphens, beginning with a letter"
    )]
    [InlineData(
        "https://github.com/acme/inventory,",
        "https://me:secret@github.com/acme/inventory,",
        "deployer.yaml:3:20: \"url\" of \"repository\" of the file is a value that is not shown, since it can hold a credential; "
            + "expected an https:// address without credentials, query or fragment"
    )]
    [InlineData(
        "https://github.com/acme/inventory,",
        "\"https://github.com/acme/inventory?access_token=tok3nS3cret\",",
        "deployer.yaml:3:20: \"url\" of \"repository\" of the file is a value that is not shown, since it can hold a credential; "
            + "expected an https:// address without credentials, query or fragment"
    )]
    [InlineData(
        "https://github.com/acme/inventory,",
        "\"https://github.com/acme/inventory#tok3nS3cret\",",
        "deployer.yaml:3:20: \"url\" of \"repository\" of the file is a value that is not shown, since it can hold a credential; "
            + "expected an https:// address without credentials, query or fragment"
    )]
    [InlineData(
        "https://github.com/acme/inventory,",
        "tok3nS3cret@github.com:acme/inventory,",
        "deployer.yaml:3:20: \"url\" of \"repository\" of the file is a value that is not shown, since it can hold a credential; "
            + "expected an https:// address without credentials, query or fragment"
    )]
    [InlineData(
        "https://github.com/acme/inventory,",
        "12345678,",
        "deployer.yaml:3:20: \"url\" of \"repository\" of the file is a value that is not shown, since it can hold a credential; "
            + "expected an https:// address without credentials, query or fragment"
    )]
    // An address with credentials in any other place.
    [InlineData(
        "service: inventory",
        "service: \"https://user:tok3nS3cret@github.com/acme/inventory\"",
        "deployer.yaml:2:10: \"service\" of the file is the text \"https://…@github.com/acme/inventory\"; expected 1 to 40 "
            + "lower-case letters, digits and hyphens, beginning with a letter"
    )]
    [InlineData(
        "service: inventory",
        "service: inventory\n\"https://user:p@ss/w@rd@github.com/a?access_token=tok3nS3cret\": 1",
        "deployer.yaml:3:1: the key \"https://…@github.com/a?…\" of the file is not known; expected one of service, repository, "
            + "targets, steps"
    )]
    [InlineData(
        "template: stacks/network.yaml",
        "template: \"s3://bucket/key.yaml?X-Amz-Signature=tok3nS3cret\"",
        "deployer.yaml:21:15: the template's address is \"s3://bucket/key.yaml?…\"; expected an https address, or a file of the service"
    )]
    [InlineData(
        "\"arn:aws:codeconnections:us-east-1:222222222222:connection/0f1e2d3c-0000-4000-8000-000000000001\"",
        "github",
        "deployer.yaml:3:67: \"connection\" of \"repository\" of the file is a value that is not shown, since it can hold a "
            + "credential; expected the ARN of a CodeConnections connection, arn:aws:codeconnections:...; in the place of an older one, "
            + "arn:aws:codestar-connections:..., a new connection has to be made"
    )]
    [InlineData(
        "\"arn:aws:codeconnections:us-east-1:222222222222:connection/0f1e2d3c-0000-4000-8000-000000000001\"",
        "\"arn:aws:codestar-connections:us-east-1:222222222222:connection/0f1e2d3c-0000-4000-8000-000000000001\"",
        "deployer.yaml:3:67: \"connection\" of \"repository\" of the file is a value that is not shown, since it can hold a "
            + "credential; expected the ARN of a CodeConnections connection, arn:aws:codeconnections:...; in the place of an older one, "
            + "arn:aws:codestar-connections:..., a new connection has to be made"
    )]
    [InlineData(
        "template: stacks/network.yaml",
        "template: https://example.com/network.yaml",
        "deployer.yaml:21:15: the template's address is \"https://example.com/network.yaml\"; expected the address of an object in S3, "
            + "such as https://BUCKET.s3.REGION.amazonaws.com/KEY: CloudFormation reads no other"
    )]
    [InlineData(
        "template: stacks/network.yaml",
        "template: http://acme.s3-website-us-east-1.amazonaws.com/network.yaml",
        "deployer.yaml:21:15: the template's address is \"http://acme.s3-website-us-east-1.amazonaws.com/network.yaml\"; expected an https "
            + "address, or a file of the service"
    )]
    // Targets
    [InlineData(
        "account: \"111111111111\"",
        "account: 111111111111",
        "deployer.yaml:5:20: \"account\" of \"dev\" in \"targets\" of the file is the number 111111111111; expected 12 digits in quotes"
    )]
    [InlineData(
        "account: \"111111111111\"",
        "account: \"111111111111\\n\"",
        "deployer.yaml:5:20: \"account\" of \"dev\" in \"targets\" of the file is the text \"111111111111\n\"; expected 12 digits in quotes"
    )]
    [InlineData(
        "account: \"111111111111\", region: us-east-1",
        "account: \"111111111111\", region: useast1",
        "deployer.yaml:5:44: \"region\" of \"dev\" in \"targets\" of the file is the text \"useast1\"; expected a region such as us-east-1"
    )]
    [InlineData(
        "approval: false",
        "approval: yes",
        "deployer.yaml:6:99: \"approval\" of \"prod\" in \"targets\" of the file is the text \"yes\"; expected true or "
            + "false, or a map with for, expireAfter"
    )]
    [InlineData(
        "  dev:  {",
        "  Dev:  {",
        "deployer.yaml:5:3: the name \"Dev\" in \"targets\" of the file is not allowed; expected 1 to 20 lower-case "
            + "letters, digits and hyphens, beginning with a letter"
    )]
    [InlineData(
        "values: { system: datomic-dev }",
        "role: \"arn:aws:iam::444444444444:role/deployer\", values: { system: datomic-dev }",
        "deployer.yaml:5:3: the role of the target \"dev\" is in the account 444444444444; expected a role of the "
            + "target's account 111111111111",
        "deployer.yaml:5:55: \"role\" of the target \"dev\" is not supported yet; expected no role here: the "
            + "deployer assumes deployer-STAGE-target in the target's account"
    )]
    [InlineData(
        "values: { system: datomic-dev }",
        "values: { system: datomic-dev, dns: x }",
        "deployer.yaml:5:86: the name \"dns\" in \"values\" of \"dev\" in \"targets\" of the file is a reference of "
            + "its own; expected another name"
    )]
    [InlineData(
        "values: { system: datomic-dev }",
        "values: {}",
        "deployer.yaml:12:31: ${system} is not among the values of dev; expected a value \"system\" in every target",
        "deployer.yaml:32:79: ${system} is not among the values of dev; expected a value \"system\" in every target"
    )]
    // Stacks
    [InlineData(
        "stack: inventory-${target}-api ",
        "stack: 1nventory-${target}-api ",
        "deployer.yaml:25:12: the stack's name is \"1nventory-dev-api\" in the target \"dev\", of 17 characters; "
            + "expected 1 to 128 letters, digits and hyphens, beginning with a letter",
        "deployer.yaml:25:12: the stack's name is \"1nventory-prod-api\" in the target \"prod\", of 18 characters; "
            + "expected 1 to 128 letters, digits and hyphens, beginning with a letter"
    )]
    [InlineData(
        "stack: inventory-${target}-api ",
        "stack: inventory-${target}-network ",
        "deployer.yaml:25:12: the steps network, api are the same stack \"inventory-dev-network\" in the target "
            + "\"dev\"; expected one step for each stack",
        "deployer.yaml:25:12: the steps network, api are the same stack \"inventory-prod-network\" in the target "
            + "\"prod\"; expected one step for each stack"
    )]
    [InlineData(
        "stack: inventory-${target}-api ",
        "stack: api-${steps.group.outputs.Name} ",
        "deployer.yaml:25:12: ${steps.group.outputs.Name} is used where the value has to be known before any step "
            + "is done; expected values of the target, ${target} and ${service}"
    )]
    [InlineData(
        "SystemName: \"${system}\"",
        "SystemName: \"${system}-of-the-whole-company\"",
        "deployer.yaml:12:31: the system's name is \"datomic-dev-of-the-whole-company\" in the target \"dev\", of "
            + "32 characters; expected a system's name: fewer than 24 letters, digits and hyphens, beginning with a "
            + "letter, and not \"datomic\"",
        "deployer.yaml:12:31: the system's name is \"datomic-prod-of-the-whole-company\" in the target \"prod\", of "
            + "33 characters; expected a system's name: fewer than 24 letters, digits and hyphens, beginning with a "
            + "letter, and not \"datomic\""
    )]
    [InlineData(
        "publish: /inventory/${target}/group",
        "publish: /aws/${target}/group",
        "deployer.yaml:13:14: the path to publish to is \"/aws/dev/group\" in the target \"dev\", of 14 characters; "
            + "expected a path such as /inventory/dev/group: at most 14 parts of letters, digits, dots, hyphens and "
            + "underscores, not below /aws or /ssm",
        "deployer.yaml:13:14: the path to publish to is \"/aws/prod/group\" in the target \"prod\", of 15 "
            + "characters; expected a path such as /inventory/dev/group: at most 14 parts of letters, digits, dots, "
            + "hyphens and underscores, not below /aws or /ssm"
    )]
    [InlineData(
        "template: stacks/api.yaml",
        "template: ../api.yaml",
        "deployer.yaml:26:15: the template's path \"../api.yaml\" leaves the folder; expected the path of a file "
            + "within the service's folder"
    )]
    [InlineData(
        "template: stacks/api.yaml",
        "template: http://example.com/api.yaml",
        "deployer.yaml:26:15: the template's address is \"http://example.com/api.yaml\"; expected an https address, "
            + "or a file of the service"
    )]
    [InlineData(
        "template: stacks/api.yaml",
        "template: stacks/${target}.yaml",
        "deployer.yaml:26:15: the template \"stacks/dev.yaml\" does not exist; expected one of stacks/api.yaml, "
            + "stacks/network.yaml (did you mean \"stacks/api.yaml\"?)",
        "deployer.yaml:26:15: the template \"stacks/prod.yaml\" does not exist; expected one of stacks/api.yaml, "
            + "stacks/network.yaml (did you mean \"stacks/api.yaml\"?)"
    )]
    [InlineData(
        "template: stacks/api.yaml",
        "template: stacks/api.yaml\n    capabilities: [ CAPABILITY_IAN ]",
        "deployer.yaml:27:21: an item of \"capabilities\" of \"api\" in \"steps\" of the file is the text "
            + "\"CAPABILITY_IAN\"; expected one of CAPABILITY_IAM, CAPABILITY_NAMED_IAM, CAPABILITY_AUTO_EXPAND (did "
            + "you mean \"CAPABILITY_IAM\"?)"
    )]
    [InlineData(
        "template: stacks/api.yaml",
        "template: stacks/api.yaml\n    tags: { \"aws:x\": y }",
        "deployer.yaml:27:13: the name \"aws:x\" in \"tags\" of \"api\" in \"steps\" of the file is not allowed; "
            + "expected 1 to 128 characters, not beginning with aws:"
    )]
    [InlineData(
        "parameters: { LoadBalancer: \"${steps.group.outputs.LoadBalancer}\" }",
        "parameters: { Load-Balancer: [ x ] }",
        "deployer.yaml:22:19: the name \"Load-Balancer\" in \"parameters\" of \"network\" in \"steps\" of the file "
            + "is not allowed; expected letters and digits",
        "deployer.yaml:22:34: \"Load-Balancer\" in \"parameters\" of \"network\" in \"steps\" of the file is a list; expected a text"
    )]
    // Datomic's templates
    [InlineData(
        "1217/query-group-template-9399-1217.json",
        "1217/compute-template-9399-1217.json",
        "deployer.yaml:11:15: the template is "
            + "\"https://s3.amazonaws.com/datomic-cloud-1/cft/1217/compute-template-9399-1217.json\", of 81 "
            + "characters; expected a template for the kind datomic-query-group, or the kind that the template is for"
    )]
    [InlineData(
        "kind: datomic-query-group",
        "kind: plain",
        "deployer.yaml:11:15: the template is "
            + "\"https://s3.amazonaws.com/datomic-cloud-1/cft/1217/query-group-template-9399-1217.json\", of 85 "
            + "characters; expected a template for the kind plain, or the kind that the template is for"
    )]
    [InlineData(
        "1217/query-group-template-9399-1217.json",
        "981/query-group-template-9188-981.json",
        "deployer.yaml:11:15: the template is "
            + "\"https://s3.amazonaws.com/datomic-cloud-1/cft/981/query-group-template-9188-981.json\", of 83 "
            + "characters; expected a release that Datomic did not withdraw (https://docs.datomic.com/releases.html)",
        "deployer.yaml:11:15: the template is "
            + "\"https://s3.amazonaws.com/datomic-cloud-1/cft/981/query-group-template-9188-981.json\", of 83 "
            + "characters; expected a newer release: Lambda has retired the runtime of this one's custom resources"
    )]
    // Ions
    [InlineData(
        "ions: ions ",
        "ions: /ions ",
        "deployer.yaml:15:11: the path \"/ions\" is absolute; expected the path of a folder within the service's folder"
    )]
    [InlineData(
        "ions: ions ",
        "ions: stacks ",
        "deployer.yaml:15:11: the folder \"stacks\" has no deps.edn; expected the folder of an ion application"
    )]
    [InlineData(
        "allowConflicts: [ org.clojure/tools.reader ]",
        "bake: 5s",
        "deployer.yaml:17:11: \"bake\" of \"ions\" in \"steps\" of the file is the text \"5s\"; expected minutes such as 5m"
    )]
    [InlineData(
        "allowConflicts: [ org.clojure/tools.reader ]",
        "allowUnpromoted: dev",
        "deployer.yaml:17:22: \"allowUnpromoted\" of \"ions\" in \"steps\" of the file is the text \"dev\"; expected true or false"
    )]
    [InlineData(
        "allowConflicts: [ org.clojure/tools.reader ]",
        "bake: { freeMemory: \"15\", throttled: few }",
        "deployer.yaml:17:11: \"for\" of \"bake\" of \"ions\" in \"steps\" of the file is missing; expected minutes such as 5m",
        "deployer.yaml:17:25: \"freeMemory\" of \"bake\" of \"ions\" in \"steps\" of the file is the text \"15\"; "
            + "expected a percentage such as 15%",
        "deployer.yaml:17:42: \"throttled\" of \"bake\" of \"ions\" in \"steps\" of the file is the text \"few\"; "
            + "expected a number of requests"
    )]
    [InlineData(
        "allowConflicts: [ org.clojure/tools.reader ]",
        "bake: [ 5m ]",
        "deployer.yaml:17:11: \"bake\" of \"ions\" in \"steps\" of the file is a list; expected minutes such as 5m, "
            + "or a map with for, freeMemory, throttled"
    )]
    [InlineData(
        "allowConflicts: [ org.clojure/tools.reader ]",
        "allowConflicts: org.clojure/tools.reader",
        "deployer.yaml:17:21: \"allowConflicts\" of \"ions\" in \"steps\" of the file is the text "
            + "\"org.clojure/tools.reader\"; expected a list"
    )]
    [InlineData(
        "group: ${steps.group.outputs.CodeDeployDeploymentGroup}",
        "group: inventory-${target}-with-a-long-name",
        "deployer.yaml:16:12: the group is \"inventory-dev-with-a-long-name\" in the target \"dev\", of 30 "
            + "characters; expected at most 25 characters, because a deployment's execution is named "
            + "GROUP-REVISION-MILLISECONDS and has at most 80",
        "deployer.yaml:16:12: the group is \"inventory-prod-with-a-long-name\" in the target \"prod\", of 31 "
            + "characters; expected at most 25 characters, because a deployment's execution is named "
            + "GROUP-REVISION-MILLISECONDS and has at most 80"
    )]
    [InlineData(
        "stack: inventory-${target}\n",
        "stack: inventory-${target}-quite-long1\n",
        "deployer.yaml:16:12: the group is \"inventory-prod-quite-long1\" in the target \"prod\", of 26 characters; "
            + "expected at most 25 characters, because a deployment's execution is named GROUP-REVISION-MILLISECONDS and has at most 80"
    )]
    [InlineData(
        "ApplicationName: inventory",
        "ApplicationName: stock",
        "ions/resources/datomic/ion-config.edn:1:12: :app-name is \"inventory\"; expected \"stock\", the "
            + "ApplicationName of the step \"group\" in the target \"dev\"",
        "ions/resources/datomic/ion-config.edn:1:12: :app-name is \"inventory\"; expected \"stock\", the "
            + "ApplicationName of the step \"group\" in the target \"prod\""
    )]
    // Endpoints
    [InlineData(
        "via: vpc-endpoint ",
        "vai: vpc-endpoint ",
        "deployer.yaml:29:5: \"via\" of \"endpoint\" in \"steps\" of the file is missing; expected vpc-endpoint",
        "deployer.yaml:30:5: the key \"vai\" of \"endpoint\" in \"steps\" of the file is not known; expected one of "
            + "endpoint, via, functions, alias, variables, after (did you mean \"via\"?)"
    )]
    [InlineData(
        "functions: { names: [ \"inventory-${target}-*\" ] }",
        "functions: {}",
        "deployer.yaml:31:16: \"functions\" of \"endpoint\" in \"steps\" of the file says nothing; expected at least one of names, tags"
    )]
    [InlineData(
        "functions: { names: [ \"inventory-${target}-*\" ] }",
        "functions: { names: [] }",
        "deployer.yaml:31:25: \"names\" of \"functions\" of \"endpoint\" in \"steps\" of the file is empty; expected at least one item"
    )]
    [InlineData(
        "\"inventory-${target}-*\"",
        "\"inventory ${target}\"",
        "deployer.yaml:31:27: the function's name is \"inventory dev\" in the target \"dev\", of 13 characters; "
            + "expected 1 to 64 letters, digits, hyphens and underscores, with * and ? as wildcards",
        "deployer.yaml:31:27: the function's name is \"inventory prod\" in the target \"prod\", of 14 characters; "
            + "expected 1 to 64 letters, digits, hyphens and underscores, with * and ? as wildcards"
    )]
    [InlineData(
        "endpoint: ${steps.network.outputs.EndpointId}",
        "endpoint: ${dns}",
        "deployer.yaml:29:15: ${dns} is used outside the variables of an endpoint step; expected another reference"
    )]
    [InlineData(
        "endpoint: ${steps.network.outputs.EndpointId}",
        "endpoint: ${steps.ions.outputs.EndpointId}",
        "deployer.yaml:29:15: ${steps.ions.outputs.EndpointId} names a step of kind ions; expected a stack: other steps have no outputs"
    )]
    [InlineData(
        "endpoint: ${steps.network.outputs.EndpointId}",
        "endpoint: ${steps.netwrok.outputs.EndpointId}",
        "deployer.yaml:29:15: the step \"netwrok\" in ${steps.netwrok.outputs.EndpointId} does not exist; expected "
            + "one of group, ions, network, api, endpoint (did you mean \"network\"?)"
    )]
    [InlineData(
        "DATOMIC_SYSTEM_NAME: \"${system}\"",
        "AWS_LAMBDA_FUNCTION_NAME: \"${system}\"",
        "deployer.yaml:32:58: the name \"AWS_LAMBDA_FUNCTION_NAME\" in \"variables\" of \"endpoint\" in \"steps\" "
            + "of the file is reserved by Lambda; expected another name"
    )]
    // Steps
    [InlineData(
        "after: [ network, api ]",
        "after: [ \"\" ]",
        "deployer.yaml:33:14: an item of \"after\" of \"endpoint\" in \"steps\" of the file is the text \"\"; "
            + "expected a text that is not empty",
        "deployer.yaml:33:14: the step \"\" in after of \"endpoint\" does not exist; expected one of group, ions, network, api, endpoint"
    )]
    [InlineData(
        "after: [ network, api ]",
        "after: network",
        "deployer.yaml:33:12: \"after\" of \"endpoint\" in \"steps\" of the file is the text \"network\"; expected a list"
    )]
    [InlineData(
        "after: [ network, api ]",
        "ions: ions",
        "deployer.yaml:33:5: \"endpoint\" in \"steps\" of the file has both \"endpoint\" and \"ions\"; expected one "
            + "of stack, ions, endpoint, service, transactor"
    )]
    public void Every_fault_has_its_place_and_expectation(string text, string replacement, params string[] faults) =>
        Faults(Inventory.ReadWith(text, replacement)).ShouldBe(faults);

    [Fact]
    public void A_lambda_name_is_checked_together_with_its_group()
    {
        var name = new string('n', 51);
        var folder = Inventory
            .Folder()
            .With("ions/resources/datomic/ion-config.edn", $"{{:app-name \"inventory\" :lambdas {{:{name} {{:fn a/b}}}}}}");

        Faults(SpecReader.Read(folder))
            .ShouldBe([
                $"ions/resources/datomic/ion-config.edn:1:34: the Lambda function is named \"inventory-dev-{name}\" "
                    + "in the target \"dev\", of 65 characters; expected at most 64",
                "ions/resources/datomic/ion-config.edn:1:34: the Lambda function is named "
                    + $"\"inventory-prod-{name}\" in the target \"prod\", of 66 characters; expected at most 64",
            ]);
    }

    [Theory]
    [InlineData("datomic", false)]
    [InlineData("a2345678901234567890123", true)]
    [InlineData("a23456789012345678901234", false)]
    public void A_storage_stack_is_named_like_a_system(string name, bool allowed) =>
        Inventory
            .Read(
                $$"""
                service: shop
                targets: { dev: { account: "111111111111", region: us-east-1 } }
                steps: { storage: { stack: {{name}}, kind: datomic-storage, template: stacks/api.yaml } }
                """
            )
            .Faults.Count.ShouldBe(allowed ? 0 : 1);

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void A_stack_has_at_most_128_characters(int length, bool allowed) =>
        Inventory
            .Read(
                $$"""
                service: shop
                targets: { dev: { account: "111111111111", region: us-east-1 } }
                steps: { one: { stack: {{new string('s', length)}}, template: stacks/api.yaml } }
                """
            )
            .Faults.Count.ShouldBe(allowed ? 0 : 1);

    [Theory]
    [InlineData("us-east-1")]
    [InlineData("ap-southeast-2")]
    [InlineData("us-gov-west-1")]
    [InlineData("us-iso-east-1")]
    [InlineData("eusc-de-east-1")]
    public void Regions_of_every_partition_are_known_by_their_shape(string region) =>
        Inventory
            .ReadWith("account: \"111111111111\", region: us-east-1", $"account: \"111111111111\", region: {region}")
            .Faults.ShouldBeEmpty();

    [Fact]
    public void Files_of_the_folder_are_checked_too()
    {
        var folder = Inventory
            .Folder()
            .With("ions/deps.edn", "{:deps")
            .With(SpecFile.Name, Inventory.Yaml.Replace("approval: false", "aproval: true", StringComparison.Ordinal));

        Faults(SpecReader.Read(folder))
            .ShouldBe([
                "deployer.yaml:6:89: the key \"aproval\" of \"prod\" in \"targets\" of the file is not known; "
                    + "expected one of account, region, role, values, approval, drift, notifications, onStackChange, "
                    + "instances (did you mean \"approval\"?)",
                "ions/deps.edn:1:1: what begins here has no end; expected '}'",
            ]);
    }

    [Fact]
    public void A_file_that_is_not_text_is_a_fault() =>
        SpecReader
            .Read(new MemoryFolder().With(SpecFile.Name, [0xff, 0xfe, 0x00]))
            .Faults.ShouldHaveSingleItem()
            .ToString()
            .ShouldBe("deployer.yaml:1:1: the file is not UTF-8 text; expected a text file in UTF-8");

    [Fact]
    public void A_file_that_no_person_wrote_is_a_fault() =>
        SpecReader
            .Read(new MemoryFolder().With(SpecFile.Name, new byte[300_000]))
            .Faults.ShouldHaveSingleItem()
            .Problem.ShouldBe("the file has 300000 bytes");

    [Fact]
    public void More_steps_than_a_service_has_are_a_fault()
    {
        var steps = string.Concat(
            Enumerable
                .Range(0, 3000)
                .Select(number => $"  s{number}: {{ stack: s{number}, template: stacks/api.yaml, after: [ s{number + 1} ] }}\n")
        );

        Inventory
            .Read(Inventory.Yaml[..Inventory.Yaml.IndexOf("  group:", StringComparison.Ordinal)] + steps)
            .Faults.ShouldHaveSingleItem()
            .Problem.ShouldBe("\"steps\" of the file has 3000 entries");
    }

    [Fact]
    public void Very_many_faults_are_all_reported() =>
        Inventory
            .Read(Inventory.Yaml + string.Concat(Enumerable.Range(0, 20_000).Select(number => $"k{number}: x\n")))
            .Faults.Count.ShouldBe(20_000);

    [Fact]
    public void A_byte_order_mark_is_skipped() => Inventory.Read("\uFEFF" + Inventory.Yaml).Faults.ShouldBeEmpty();
}
