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
    public void What_another_remedy_helps_after_is_an_error_of_its_own()
    {
        Decided.After(nameof(TransactorUnsteadyException)).ShouldBe(Remedy.Rollback);
        Decided.After(nameof(TransactorUnsteadyNoWayBackException)).ShouldBe(Remedy.LookAgain);
        Decided.After(nameof(TransactorTurnedOffException)).ShouldBe(Remedy.Deploy);
        Decided.After(nameof(TransactorReplacedException)).ShouldBe(Remedy.Deploy);
        Decided.After(nameof(TransactorCountChangedException)).ShouldBe(Remedy.Redrive);
        Decided.After(nameof(TransactorOvertakenException)).ShouldBe(Remedy.Redrive);
        Decided.After(nameof(TakeoverFailedException)).ShouldBe(Remedy.RedriveOrCorrect);
        Decided.After(nameof(TakeoverFailedNoWayBackException)).ShouldBe(Remedy.Redrive);
        Decided.After(nameof(IonsBakeFailedException)).ShouldBe(Remedy.Rollback);
        Decided.After(nameof(IonsBakeFailedNoWayBackException)).ShouldBe(Remedy.Redrive);
        Decided.After(nameof(RevisionNotPromotedException)).ShouldBe(Remedy.ReleaseBefore);
    }

    [Fact]
    public void The_group_whose_capacity_is_unknown_is_the_subject_of_the_remedy()
    {
        CapacityUnknownException.For(["asg-1"], "shop-dev").RemedySubject.ShouldBe("asg-1");
        CapacityUnknownException.For(["asg-1", "asg-2"], "shop-dev").RemedySubject.ShouldBe("asg-2");
        CapacityUnknownException.For([], "shop-dev").RemedySubject.ShouldBeNull();
    }

    /// <summary>A command with what stands for a secret would be refused.</summary>
    [Fact]
    public void A_subject_that_is_a_secret_is_left_out()
    {
        var (shown, hidden) = (CapacityUnknownException.For(["asg-1"], "dev"), CapacityUnknownException.For(["group-of-secret"], "dev"));
        var secrets = new SecretValues();
        secrets.Add("secret");

        shown.Hide(secrets);
        hidden.Hide(secrets);

        shown.RemedySubject.ShouldBe("asg-1");
        hidden.RemedySubject.ShouldBeNull();
    }

    private static Remedies Registered()
    {
        var services = new ServiceCollection();
        services.AddSingleton(new Settings("dev", "table", "bucket", string.Empty, string.Empty, new HashSet<string>()));
        new Startup().ConfigureServices(services);
        return services.BuildServiceProvider().GetRequiredService<Remedies>();
    }
}
