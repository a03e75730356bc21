using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Requests;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Schemas;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.CloudFormation.Templates.Changes;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Tests.CloudFormation.ResourceTypes;

public sealed class SchemaResourceTests
{
    private const string Account = "111111111111";

    [Fact]
    public async Task A_type_without_a_model_is_simulated_with_references_of_the_services_form()
    {
        await using var world = new StackWorld();

        var stack = await world.Created(
            "inventory",
            """
            Resources:
              Orders: { Type: AWS::SQS::Queue, Properties: { QueueName: orders, DelaySeconds: "5", Tags: [ { Key: team, Value: core } ] } }
              Gateway: { Type: AWS::EC2::InternetGateway }
              Secret: { Type: AWS::SecretsManager::Secret, Properties: { Name: password } }
              Subscription:
                Type: AWS::SNS::Subscription
                Properties: { TopicArn: "arn:aws:sns:us-east-1:111111111111:t", Protocol: sqs, Endpoint: !GetAtt Orders.Arn }
              Route:
                Type: AWS::EC2::Route
                Properties: { RouteTableId: rtb-1, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway }
              Resource: { Type: AWS::ApiGateway::Resource, Properties: { RestApiId: api, ParentId: root, PathPart: items } }
            Outputs:
              Url: { Value: !Ref Orders }
              Arn: { Value: !GetAtt Orders.Arn }
              Name: { Value: !GetAtt Orders.QueueName }
              Gateway: { Value: !Ref Gateway }
              Secret: { Value: !Ref Secret }
              Subscription: { Value: !Ref Subscription }
              Resource: { Value: !Ref Resource }
            """
        );

        stack.Status.ShouldBe(StackStatus.CREATE_COMPLETE, string.Join('\n', world.Events(stack)));
        var outputs = stack.Outputs.ToDictionary(output => output.Key, output => output.Value);
        outputs["Url"].ShouldBe($"https://sqs.us-east-1.amazonaws.com/{Account}/orders");
        outputs["Arn"].ShouldBe($"arn:aws:sqs:us-east-1:{Account}:orders");
        outputs["Name"].ShouldBe("orders");
        outputs["Gateway"].ShouldMatch("^igw-0[0-9a-f]{16}$");
        outputs["Secret"].ShouldMatch($"^arn:aws:secretsmanager:us-east-1:{Account}:secret:password-[0-9a-f]{{6}}$");
        outputs["Subscription"].ShouldMatch("^arn:aws:sns:us-east-1:111111111111:t:[0-9a-f-]{36}$");
        stack.Resources["Route"].PhysicalId.ShouldBe("rtb-1|0.0.0.0/0");
        outputs["Resource"].ShouldNotContain("|");
        stack.Resources["Resource"].PhysicalId.ShouldBe($"api|{outputs["Resource"]}");
        SimulatedResource.All(world.World).ShouldContain(new SimulatedResource(Account, "inventory", "Orders", "AWS::SQS::Queue"));
        SimulatedResource.All(world.World).Count.ShouldBe(6);
    }

    [Theory]
    [InlineData("AWS::SQS::Queue", "{ Delay: 5 }", "#: extraneous key [Delay] is not permitted")]
    [InlineData("AWS::SQS::Queue", "{ DelaySeconds: soon }", "#/DelaySeconds: expected type: Integer, found: String")]
    [InlineData("AWS::SQS::Queue", "{ FifoQueue: perhaps }", "#/FifoQueue: expected type: Boolean, found: String")]
    [InlineData("AWS::SQS::Queue", "{ Tags: none }", "#/Tags: expected type: JSONArray, found: String")]
    [InlineData("AWS::SQS::Queue", "{ Tags: [ { Key: a } ] }", "#/Tags/0: required key [Value] not found")]
    [InlineData("AWS::SQS::Queue", "{ QueueName: [ a ] }", "#/QueueName: expected type: String, found: JSONArray")]
    [InlineData("AWS::EC2::Route", "{ RouteTableId: { Id: r } }", "#/RouteTableId: expected type: String, found: JSONObject")]
    [InlineData("AWS::EC2::KeyPair", "{ KeyName: k, KeyType: dsa }", "#/KeyType: dsa is not a valid enum value")]
    [InlineData("AWS::SNS::Subscription", "{ Protocol: sqs }", "#: required key [TopicArn] not found")]
    public async Task Properties_that_the_schema_does_not_allow_fail_the_resource_in_CloudFormations_words(
        string type,
        string properties,
        string fault
    )
    {
        await using var world = new StackWorld();

        var stack = await world.Created("inventory", $"Resources: {{ R: {{ Type: {type}, Properties: {properties} }} }}");

        stack.Status.ShouldBe(StackStatus.ROLLBACK_COMPLETE);
        world.Events(stack).ShouldContain($"R CREATE_FAILED: Properties validation failed for resource R with message: [{fault}]");
    }

    [Fact]
    public async Task An_attribute_that_the_type_does_not_have_is_refused_before_anything_begins()
    {
        await using var world = new StackWorld();

        (
            await Should.ThrowAsync<ApiException>(() =>
                world.Create("inventory", "Resources: { Q: { Type: AWS::SQS::Queue } }\nOutputs: { O: { Value: !GetAtt Q.Url } }")
            )
        ).Message.ShouldBe("Template error: resource Q does not support attribute type Url in Fn::GetAtt");
    }

    [Theory]
    [InlineData("AWS::Logs::LogGroup", "NoSuchAttr")]
    [InlineData("AWS::Lambda::Function", "Version")]
    [InlineData("AWS::IAM::Role", "RoleName")]
    [InlineData("AWS::CloudFormation::Stack", "Queue")]
    public async Task An_attribute_that_a_type_with_a_model_does_not_have_is_refused_before_anything_begins(string type, string attribute)
    {
        await using var world = new StackWorld();
        var template = $"Resources: {{ R: {{ Type: {type} }} }}\nOutputs: {{ O: {{ Value: !GetAtt R.{attribute} }} }}";
        var refusal = $"Template error: resource R does not support attribute type {attribute} in Fn::GetAtt";

        (await Should.ThrowAsync<ApiException>(() => world.Create("inventory", template))).Message.ShouldBe(refusal);
        (await Should.ThrowAsync<ApiException>(() => world.ChangeSet("inventory", "first", template, isCreation: true))).Message.ShouldBe(
            refusal
        );
    }

    [Theory]
    [InlineData("[ 1, 2 ]", " and not a List.")]
    [InlineData("{ a: b }", " and not a Map.")]
    [InlineData("!GetAZs us-east-1", ".")]
    [InlineData("!Split [ x, axb ]", ".")]
    [InlineData("!Ref Names", ".")]
    [InlineData("!GetAtt Zone.NameServers", ".")]
    public async Task An_output_that_is_no_text_is_refused_before_anything_begins(string value, string end)
    {
        await using var world = new StackWorld();

        (
            await Should.ThrowAsync<ApiException>(() =>
                world.Create(
                    "inventory",
                    "Parameters: { Names: { Type: CommaDelimitedList, Default: a } }\n"
                        + $"Resources: {{ Zone: {{ Type: AWS::Route53::HostedZone }} }}\nOutputs: {{ O: {{ Value: {value} }} }}"
                )
            )
        ).Message.ShouldBe($"Template format error: The Value field of every Outputs member must evaluate to a String{end}");
    }

    [Fact]
    public async Task A_function_that_there_is_not_is_refused_before_anything_begins()
    {
        await using var world = new StackWorld();

        (
            await Should.ThrowAsync<ApiException>(() =>
                world.Create("inventory", "Resources: { Q: { Type: AWS::SQS::Queue, Properties: { QueueName: { \"Fn::Bogus\": x } } } }")
            )
        ).Message.ShouldStartWith("Template error: Encountered unsupported function: Fn::Bogus Supported functions are: [Fn::Base64,");
    }

    [Fact]
    public async Task A_change_set_says_what_the_schema_replaces_and_the_update_does_it()
    {
        await using var world = new StackWorld();
        const string Before = "Resources: { Q: { Type: AWS::SQS::Queue, Properties: { QueueName: one, DelaySeconds: 1 } } }";
        var stack = await world.Created("inventory", Before);
        var first = stack.Resources["Q"].PhysicalId;

        var renamed = await world.ChangeSet("inventory", "renamed", Before.Replace("one", "two"));
        var delayed = await world.ChangeSet("inventory", "delayed", Before.Replace("DelaySeconds: 1", "DelaySeconds: 2"));

        renamed.Changes!.Resources.Single().Replacement.ShouldBe(Replacement.True);
        delayed.Changes!.Resources.Single().Replacement.ShouldBe(Replacement.False);
        var updated = await world.Updated("inventory", Before.Replace("DelaySeconds: 1", "DelaySeconds: 2"));
        updated.Resources["Q"].PhysicalId.ShouldBe(first);
        updated = await world.Updated("inventory", Before.Replace("one", "two"));
        updated.Status.ShouldBe(StackStatus.UPDATE_COMPLETE);
        updated.Resources["Q"].PhysicalId.ShouldBe($"https://sqs.us-east-1.amazonaws.com/{Account}/two");
    }

    [Fact]
    public async Task A_change_that_may_replace_is_conditional()
    {
        await using var world = new StackWorld();
        const string Before = "Resources: { I: { Type: AWS::EC2::Instance, Properties: { ImageId: ami-1, EbsOptimized: true } } }";
        await world.Created("inventory", Before);

        var changeSet = await world.ChangeSet("inventory", "slower", Before.Replace("true", "false"));

        changeSet.Changes!.Resources.Single().Replacement.ShouldBe(Replacement.Conditional);
    }

    [Fact]
    public async Task A_custom_named_resource_cannot_be_replaced()
    {
        await using var world = new StackWorld();
        const string Before = "Resources: { Q: { Type: AWS::SQS::Queue, Properties: { QueueName: one.fifo, FifoQueue: true } } }";
        await world.Created("inventory", Before);

        var stack = await world.Updated("inventory", Before.Replace("FifoQueue: true", "FifoQueue: false"));

        stack.Status.ShouldBe(StackStatus.UPDATE_ROLLBACK_COMPLETE);
        world
            .Events(stack)
            .ShouldContain(happened =>
                happened.Contains("CloudFormation cannot update a stack when a custom-named resource requires replacing.")
            );
    }

    [Fact]
    public async Task A_deleted_resource_leaves_its_name_free()
    {
        await using var world = new StackWorld();
        const string Body = "Resources: { Q: { Type: AWS::SQS::Queue, Properties: { QueueName: one } } }";
        var stack = await world.Created("inventory", Body);
        await world.Do(() =>
        {
            world.Requests.Delete(world.Call, "inventory", null, null, []);
            return true;
        });
        (await world.Settle(stack)).Status.ShouldBe(StackStatus.DELETE_COMPLETE);

        (await world.Created("again", Body)).Status.ShouldBe(StackStatus.CREATE_COMPLETE);

        (await world.Created("third", Body)).Status.ShouldBe(StackStatus.ROLLBACK_COMPLETE, "the name is taken now");
    }

    [Fact]
    public async Task Every_type_of_the_schemas_answers_to_Ref_and_GetAtt()
    {
        await using var world = new StackWorld();
        var faults = new List<string>();
        await world.Do(() =>
        {
            foreach (var schema in ResourceSchemas.Names.Select(name => ResourceSchemas.Find(name)!))
            {
                var call = new Rehearsal.CloudFormation.ResourceTypes.ResourceCall(
                    world.World,
                    world.Caller,
                    world.Requests.New(world.Call, new StackOrder("inventory")),
                    "R",
                    StepAction.Create,
                    new JsonObject { ["TopicArn"] = "arn:aws:sns:us-east-1:111111111111:t" },
                    null
                )
                {
                    StackTags = new Dictionary<string, string>(),
                };
                var identity = SchemaIdentity.Make(schema, call);
                if (identity.PhysicalId.Length == 0 || identity.PhysicalId.Contains("${", StringComparison.Ordinal))
                {
                    faults.Add($"{schema.Name}: {identity.PhysicalId}");
                }

                faults.AddRange(
                    identity
                        .Attributes.Where(attribute => attribute.Key.EndsWith("Arn", StringComparison.Ordinal))
                        .Where(attribute => attribute.Value is not JsonValue value || value.ToString().Split(':').Length < 6)
                        .Where(attribute => attribute.Value is JsonValue)
                        .Select(attribute => $"{schema.Name}.{attribute.Key}: {attribute.Value}")
                );
            }

            return true;
        });

        faults.ShouldBeEmpty();
    }
}
