using Amazon.Lambda;
using Amazon.Lambda.Model;
using Deployer.Functions.Ions;
using Deployer.Functions.Steps;
using Deployer.Spec.Faults;
using Deployer.Spec.Ions;
using NSubstitute;

namespace Deployer.Functions.Tests.Ions;

public sealed class IonLambdasTests
{
    private static readonly SourcePosition Position = new("ion-config.edn", 1, 1);

    private readonly IAmazonLambda _lambda = Substitute.For<IAmazonLambda>();
    private readonly List<string> _read = [];

    public IonLambdasTests()
    {
        _lambda
            .GetFunctionConfigurationAsync(Arg.Any<GetFunctionConfigurationRequest>(), Arg.Any<CancellationToken>())
            .Returns(call =>
            {
                _read.Add(call.Arg<GetFunctionConfigurationRequest>().FunctionName);
                return new GetFunctionConfigurationResponse { Timeout = 60, Description = string.Empty };
            });
        _lambda
            .GetFunctionConcurrencyAsync(Arg.Any<GetFunctionConcurrencyRequest>(), Arg.Any<CancellationToken>())
            .Returns(call =>
            {
                _read.Add(call.Arg<GetFunctionConcurrencyRequest>().FunctionName);
                return new GetFunctionConcurrencyResponse();
            });
    }

    [Fact]
    public async Task The_Lambdas_of_a_large_group_are_read_in_batches_each_once()
    {
        var config = new IonConfig(
            "inventory",
            Position,
            [],
            [],
            [.. Enumerable.Range(0, 250).Select(number => new IonLambda($"f{number}", Position, "a/b", string.Empty, 60, null, false))],
            null
        );
        IReadOnlyCollection<string> compared = [];
        var batches = 0;
        ComparisonProgress progress;
        do
        {
            var before = _read.Count;
            progress = new ComparisonProgress(compared, ComparisonProgress.BatchReads);
            (await new IonLambdas(_lambda).Differences("inventory-dev", config, [], progress)).ShouldBeEmpty();
            (_read.Count - before).ShouldBeLessThanOrEqualTo(ComparisonProgress.BatchReads);
            compared = progress.Compared;
            batches++;
        } while (progress.IsPaused);

        batches.ShouldBe(5);
        _read.Count.ShouldBe(500);
        _read.Distinct().Count().ShouldBe(250);
    }
}
