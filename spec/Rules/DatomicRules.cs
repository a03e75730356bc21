using Deployer.Spec.Datomic;
using Deployer.Spec.Faults;
using Deployer.Spec.Steps;
using Deployer.Spec.Templates;

namespace Deployer.Spec.Rules;

/// <summary>What Datomic's templates demand, as far as their addresses show it.</summary>
internal static class DatomicRules
{
    public static void Check(ServiceSpec spec, FaultList faults)
    {
        foreach (var stack in spec.Steps.OfType<StackStep>())
        {
            Require(
                stack,
                template => template.Kind == stack.StackKind,
                $"a template for the kind {StackKinds.Name(stack.StackKind)}, or the kind that the template is for"
            );
            Require(
                stack,
                template => !DatomicNotice.Withdrawn.Contains(template.Release),
                $"a release that Datomic did not withdraw ({DatomicNotice.Source})"
            );
            Require(
                stack,
                template => !LambdaRuntimes.IsRetired(CustomResourceRuntimes.For(template.Release)),
                "a newer release: Lambda has retired the runtime of this one's custom resources"
            );
        }

        void Require(StackStep stack, Func<DatomicTemplate, bool> holds, string expected) =>
            StaticValue.Check(
                spec,
                stack.Template,
                "the template",
                address => !DatomicTemplate.TryParse(address, out var template) || holds(template),
                expected,
                faults
            );
    }
}
