using Deployer.Cli.Bootstrap;
using Deployer.Cli.Deployments;
using Deployer.Cli.Output;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;

namespace Deployer.Cli.Tests.Bootstrap;

public sealed class StackViewTests
{
    private static readonly StackPlace Place = new("deployer-target-qa", "111111111111", "us-east-1");

    [Fact]
    public void A_change_is_shown_as_a_plan_shows_it_with_what_deserves_a_second_look()
    {
        var change = new PreparedChange(
            "id",
            "change set",
            false,
            [
                new StackChange(
                    "Table",
                    "AWS::DynamoDB::Table",
                    ChangeKind.Replaced,
                    ["TableName"],
                    "what it holds is deleted with the old one"
                ),
                new StackChange("Role", "AWS::IAM::Role", ChangeKind.Added, []),
            ]
        );

        Shown(new PreparedChangeView(Place), change)
            .ShouldBe(
                """
                stack deployer-target-qa in account 111111111111, us-east-1:
                  changes
                  +   Role AWS::IAM::Role
                  -/+ Table AWS::DynamoDB::Table (TableName)
                      ! what it holds is deleted with the old one

                """
            );
    }

    [Fact]
    public void A_success_is_wrapped_and_its_next_command_is_not()
    {
        var command = "deployer bootstrap service . --target qa --tools-account 222222222222 --profile qa";
        var report = new BootstrapReport(
            BootstrapVerdict.Created,
            Place,
            "CREATE_COMPLETE",
            [],
            null,
            [new NextStep("Grant each service what it needs here; in the service's folder:", command)]
        );

        Shown(new BootstrapView(), report)
            .ShouldBe(
                $"""
                ✓ stack deployer-target-qa in account 111111111111,
                  us-east-1: CREATE_COMPLETE

                Next
                  Grant each service what it needs here; in the service's
                    folder:
                  {command}

                """
            );
    }

    [Fact]
    public void What_stays_is_told_with_its_reason_only_where_the_program_knows_it()
    {
        var report = new TeardownReport(
            TeardownVerdict.Deleted,
            Place,
            "DELETE_COMPLETE",
            [
                new KeptResource("Table", "AWS::DynamoDB::Table", "t", "it holds records"),
                new KeptResource("Key", "AWS::KMS::Key", "k", null),
            ],
            null,
            []
        );

        var shown = Shown(new TeardownView(), report);

        shown.Words().ShouldContain("stays: Table (AWS::DynamoDB::Table) t; its template retains it, since it holds records stays:");
        shown.Words().ShouldEndWith("stays: Key (AWS::KMS::Key) k; its template retains it");
        shown.Split('\n').ShouldAllBe(line => line.Length <= 60);
    }

    [Fact]
    public void A_stack_that_cannot_be_deleted_shows_its_cause()
    {
        var report = new TeardownReport(
            TeardownVerdict.Failed,
            Place,
            "DELETE_FAILED",
            [],
            "Role (AWS::IAM::Role) failed: in use; it is there",
            []
        );

        Shown(new TeardownView(), report).ShouldEndWith("\n\nCause\n  Role (AWS::IAM::Role) failed: in use\n  it is there\n");
    }

    private static string Shown<T>(IView<T> view, T result)
    {
        var writer = new StringWriter { NewLine = "\n" };
        view.Show(result, new Screen(writer, 60));
        return writer.ToString();
    }
}
