using Deployer.Cli.Rehearsals;
using Deployer.Functions.Errors;
using Deployer.Functions.Plans;
using Deployer.Functions.Steps;
using Deployer.Spec.Ions;

namespace Deployer.Cli.Tests.Rehearsals;

public sealed class PlanWriterTests
{
    private static readonly StepPlan Ions = new()
    {
        Step = "ions",
        Kind = "ions",
        Subject = "inventory-dev",
        Action = "release",
        LimitMinutes = 25,
    };

    [Fact]
    public void Libraries_are_told_with_what_happens_to_them() =>
        Written(
                Ions with
                {
                    Libraries =
                    [
                        new LibraryChange("acme/gone", "1", null),
                        new LibraryChange("acme/moved", "1", "2"),
                        new LibraryChange("acme/new", null, "3"),
                    ],
                }
            )
            .ShouldContain(
                """
                ions: release ions inventory-dev (at most 25 minutes)
                  -   acme/gone 1
                  ~   acme/moved 1 -> 2
                  +   acme/new 3
                """
            );

    [Fact]
    public void Each_line_of_a_problem_is_indented() =>
        Written(Ions with { Problem = "IonsPreflightException: one\ntwo" })
            .ShouldContain(
                """
                  would fail: IonsPreflightException: one
                    two
                """
            );

    private static string Written(StepPlan step)
    {
        using var output = new StringWriter { NewLine = "\n" };
        PlanWriter.Write(new ServicePlan("inventory", "dev", null, [step]), output);
        return output.ToString();
    }
}
