using Amazon.CloudFormation.Model;
using Deployer.Functions.Errors;
using Deployer.Functions.Stacks;
using Deployer.Spec.Expressions;
using Deployer.Spec.Faults;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Tests.Stacks;

public sealed class StackCapabilitiesTests
{
    private static IEnumerable<string> Granted(string[]? granted, string[] needed, bool transformed = false)
    {
        var position = new SourcePosition("deployer.yaml", 5, 3);
        var text = new Expression(position, "t", [new Literal("t")]);
        var step = new StackStep(
            "t",
            position,
            [],
            text,
            StackKind.Plain,
            text,
            new Dictionary<string, Expression>(),
            new Dictionary<string, Expression>(),
            null,
            granted
        );
        return StackCapabilities.Require(
            step,
            [new GetTemplateSummaryResponse { Capabilities = [.. needed], DeclaredTransforms = transformed ? ["Macro"] : null }]
        );
    }

    [Fact]
    public void A_step_that_grants_nothing_gets_what_its_templates_need() =>
        Granted(null, ["CAPABILITY_IAM"], transformed: true).ShouldBe(["CAPABILITY_AUTO_EXPAND", "CAPABILITY_IAM"]);

    [Fact]
    public void What_a_step_grants_is_passed_for_templates_that_only_CloudFormation_reads() =>
        Granted(["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"], []).ShouldBe(["CAPABILITY_AUTO_EXPAND", "CAPABILITY_NAMED_IAM"]);

    [Fact]
    public void What_is_granted_holds_for_what_is_needed() =>
        Granted(["CAPABILITY_NAMED_IAM"], ["CAPABILITY_IAM"]).ShouldBe(["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]);

    [Theory]
    [InlineData(new string[0], "the step grants none")]
    [InlineData(new[] { "CAPABILITY_IAM" }, "the step grants CAPABILITY_IAM")]
    public void A_template_that_needs_more_is_refused(string[] granted, string said) =>
        Should
            .Throw<SpecInvalidException>(() => Granted(granted, ["CAPABILITY_NAMED_IAM"]).ToList())
            .Message.ShouldBe($"deployer.yaml:5:3: the template needs CAPABILITY_NAMED_IAM; {said}");
}
