using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ions;
using Deployer.Functions.Transactors;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Functions.Tests.Errors;

public sealed class RemediesTests
{
    private static readonly Remedies Decided = Registered();

    [Fact]
    public void What_helps_is_decided_for_every_error() =>
        Decided.Errors.ShouldBe(
            typeof(DeployerException)
                .Assembly.GetTypes()
                .Where(type => type.IsSubclassOf(typeof(DeployerException)) && !type.IsAbstract)
                .Select(type => type.Name),
            ignoreOrder: true
        );

    [Theory]
    [InlineData(null)]
    [InlineData("States.Timeout")]
    [InlineData("Lambda.ServiceException")]
    public void What_is_of_the_moment_is_redriven(string? error) => Decided.After(error).ShouldBe(Remedy.Redrive);

    [Fact]
    public void What_helps_after_an_error_of_a_kind_is_what_the_kind_says()
    {
        Decided.After(nameof(CapacityUnknownException)).ShouldBe(Remedy.SetCapacity);
        new Remedies([]).After(nameof(CapacityUnknownException)).ShouldBe(Remedy.Redrive);
        new Remedies([new ErrorRemedy("QueueFullException", Remedy.Plan)]).After("QueueFullException").ShouldBe(Remedy.Plan);
    }

    [Fact]
    public void The_group_whose_capacity_is_unknown_is_read_from_the_cause()
    {
        Decided.Subject(nameof(CapacityUnknownException), CapacityUnknownException.For("asg-1", "shop-dev").Message).ShouldBe("asg-1");
        Decided.Subject(nameof(CapacityUnknownException), "something else").ShouldBeNull();
        Decided.Subject(nameof(CapacityUnknownException), null).ShouldBeNull();
        Decided.Subject(nameof(GroupOffException), "asg-1 of shop-dev has a desired capacity of 0").ShouldBeNull();
        Decided.Subject("States.Timeout", "asg-1 of shop-dev has a desired capacity of 0").ShouldBeNull();
    }

    [Theory]
    [InlineData("no peer; a runs t:3 (active); deployer rollback --to 4d1e0a7 brings back t:2\nlog g: deployer rollback --to x", "4d1e0a7")]
    [InlineData("no peer; a runs t:3 (active)\nlog g: deployer rollback --to x", null)]
    [InlineData(null, null)]
    public void The_revision_that_a_rollback_brings_back_is_read_from_the_first_line_of_the_cause(string? cause, string? revision)
    {
        Decided.After(nameof(TransactorUnsteadyException)).ShouldBe(Remedy.Rollback);
        Decided.After(nameof(TransactorUnsteadyException), cause).ShouldBe(Remedy.Rollback);
        Decided.Subject(nameof(TransactorUnsteadyException), cause).ShouldBe(revision);
    }

    [Fact]
    public void Without_a_way_back_no_rollback_helps() =>
        Decided
            .After(
                nameof(TransactorUnsteadyException),
                "no peer; there is no way back to the release before: Datomic Pro 2 may change the storage's format\nlog g: line"
            )
            .ShouldBe(Remedy.LookAgain);

    private static Remedies Registered()
    {
        var services = new ServiceCollection();
        services.AddSingleton(new Settings("dev", "table", "bucket", string.Empty, string.Empty, new HashSet<string>()));
        new Startup().ConfigureServices(services);
        return services.BuildServiceProvider().GetRequiredService<Remedies>();
    }
}
