using System.Text.Json.Nodes;
using Deployer.Rehearsal.StepFunctions.Definitions;

namespace Deployer.Rehearsal.Tests.StepFunctions.Conformance;

public sealed class RecordedValidationTests
{
    private const string File = "asl-validation_cases";

    public static TheoryData<string> Cases => RecordedCases.Ids(File);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_definition_is_judged_as_by_AWS(string id)
    {
        var recorded = RecordedCases.Case(File, id);
        var expected = (JsonObject)recorded["expect"]!;
        var text = recorded["definition_text"]?.GetValue<string>();
        var type = (recorded["type"] ?? recorded["request"]?["type"])?.GetValue<string>() ?? "STANDARD";
        if (expected["error"]?.GetValue<string>() is { } error)
        {
            Assert.SkipUnless(error == "InvalidDefinition", "judged by the service, not by the definition");
            var message = Should.Throw<InvalidDefinitionException>(() => StateMachineDefinition.Parse(text!, type)).Message;
            expected["message"]!.GetValue<string>().ShouldEndWith(message);
            return;
        }

        var faults = StateMachineDefinition.Validate(text!, type);
        var diagnostics = expected["diagnostics"]!.AsArray();
        faults.Select(f => f.Code).ShouldBe(diagnostics.Select(d => d!["code"]!.GetValue<string>()));
        if (faults is not [{ Code: "INVALID_JSON_DESCRIPTION" }])
        {
            faults.Select(f => (f.Message, f.Location)).ShouldBe(
                diagnostics.Select(d => (d!["message"]!.GetValue<string>(), d!["location"]!.GetValue<string>())));
        }
    }
}
