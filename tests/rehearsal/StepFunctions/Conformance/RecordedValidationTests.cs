using System.Text.Json.Nodes;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Rehearsal.StepFunctions.Definitions;
using Deployer.Rehearsal.Tests.StepFunctions.Service;
using Deployer.Rehearsal.Tests.Wire;

namespace Deployer.Rehearsal.Tests.StepFunctions.Conformance;

public sealed class RecordedValidationTests
{
    private const string Name = "recorded";
    private const string Account = "111111111111";
    private const string File = "asl-validation_cases";

    public static TheoryData<string> Cases => RecordedCases.Ids(File);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_request_is_judged_as_by_AWS(string id)
    {
        var recorded = RecordedCases.Case(File, id);
        Assert.SkipWhen(id.Contains("test_multiple_destinations"), "the recording leaves out the logging configuration that was sent");
        var expected = (JsonObject)recorded["expect"]!;
        var text = recorded["definition_text"]?.GetValue<string>();
        var type = (recorded["type"] ?? recorded["request"]?["type"])?.GetValue<string>() ?? "STANDARD";
        if (expected["error"]?.GetValue<string>() is { } error)
        {
            var refused = await Should.ThrowAsync<AmazonStepFunctionsException>(() => Send(recorded, text, type));
            refused.ErrorCode.ShouldBe(error);
            expected["message"]!
                .GetValue<string>()
                .Replace("<ArnPart_0idx>", Name)
                .Replace(Account, TestAws.Tools)
                .ShouldEndWith(refused.Message);
            return;
        }

        var faults = StateMachineDefinition.Validate(text!, type);
        var diagnostics = expected["diagnostics"]!.AsArray();
        faults.Select(f => f.Code).ShouldBe(diagnostics.Select(d => d!["code"]!.GetValue<string>()));
        if (faults is not [{ Code: "INVALID_JSON_DESCRIPTION" }])
        {
            faults
                .Select(f => (f.Message, f.Location))
                .ShouldBe(diagnostics.Select(d => (d!["message"]!.GetValue<string>(), d!["location"]!.GetValue<string>())));
        }
    }

    private static async Task Send(JsonObject recorded, string? definition, string type)
    {
        await using var states = await SimulatedStates.Start();
        var request = (JsonObject)recorded["request"]!;
        if (recorded["api"]!.GetValue<string>() == "UpdateStateMachine" || recorded["id"]!.GetValue<string>().Contains("duplicate"))
        {
            await states.Machine("""{"StartAt":"Done","States":{"Done":{"Type":"Succeed"}}}""", Name);
        }

        if (recorded["api"]!.GetValue<string>() == "UpdateStateMachine")
        {
            var version = request["stateMachineArn"]!.GetValue<string>() == "<stateMachineVersionArn>" ? ":2" : "";
            await states.Client.UpdateStateMachineAsync(
                new UpdateStateMachineRequest
                {
                    StateMachineArn = $"arn:aws:states:us-east-1:{TestAws.Tools}:stateMachine:{Name}{version}",
                    Definition = definition,
                    Publish = request["publish"]?.GetValue<bool>(),
                }
            );
            return;
        }

        var level = request["loggingConfiguration"]?["level"]?.GetValue<string>();
        await states.Client.CreateStateMachineAsync(
            new CreateStateMachineRequest
            {
                Name = Name,
                Definition = definition,
                RoleArn = SimulatedStates.Role,
                Type = type,
                VersionDescription = request["versionDescription"]?.GetValue<string>(),
                LoggingConfiguration = level is null ? null : new() { Level = level },
            }
        );
    }
}
