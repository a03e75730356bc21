using System.Reflection;
using Amazon.CloudFormation;
using Deployer.Functions.Stacks;

namespace Deployer.Functions.Tests.Stacks;

public sealed class StackStatusesTests
{
    public static TheoryData<string> Statuses =>
    [
        .. typeof(StackStatus).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(candidate => candidate.FieldType == typeof(StackStatus))
            .Select(candidate => ((StackStatus)candidate.GetValue(null)!).Value),
    ];

    [Theory]
    [MemberData(nameof(Statuses))]
    public void Every_status_means_exactly_one_thing(string name)
    {
        var status = new StackStatus(name);

        new[] { status.IsSuccess, status.IsInProgress, status.IsFailure, status.IsInReview }.Count(meant => meant).ShouldBe(1);
    }

    [Theory]
    [InlineData("CREATE_COMPLETE", true)]
    [InlineData("UPDATE_COMPLETE", true)]
    [InlineData("IMPORT_COMPLETE", true)]
    [InlineData("ROLLBACK_COMPLETE", false)]
    [InlineData("UPDATE_ROLLBACK_COMPLETE", false)]
    [InlineData("DELETE_COMPLETE", false)]
    [InlineData("IMPORT_ROLLBACK_COMPLETE", false)]
    [InlineData("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", false)]
    [InlineData("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", false)]
    public void Only_three_statuses_are_success(string name, bool success) => new StackStatus(name).IsSuccess.ShouldBe(success);

    [Theory]
    [InlineData("ROLLBACK_COMPLETE", true)]
    [InlineData("CREATE_FAILED", true)]
    [InlineData("UPDATE_ROLLBACK_COMPLETE", false)]
    [InlineData("UPDATE_ROLLBACK_FAILED", false)]
    public void Only_a_stack_that_was_never_created_may_be_removed(string name, bool removable) => new StackStatus(name).WasNeverCreated.ShouldBe(removable);
}
